import { z } from "zod";
import type { Outcome } from "../../domain/orchestration/decide.ts";
import type { CurrentState, State } from "../../domain/orchestration/state.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { STATE_TYPES, type StateColumns } from "../../store/tables/flow-runs.ts";

export const stateTypeView = z.enum(STATE_TYPES);

export const stateView = z
  .strictObject({
    id: view.uuid,
    type: stateTypeView,
    name: view.text,
    timestamp: view.timestamp,
    message: view.text.nullable(),
    data: view.json,
    state_details: view.document,
  })
  .meta({ id: "State" });

export type StateView = z.input<typeof stateView>;

export function presentStateRow(row: StateColumns): StateView {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    timestamp: row.timestamp,
    message: row.message,
    data: row.data === null ? null : new JsonText(row.data),
    state_details: new JsonText(row.state_details),
  };
}

/** The state that is joined to a run. */
export function presentCurrentState(run: CurrentState): StateView | null {
  if (run.state_id === null || run.state_type === null || run.state_details === null) return null;
  return presentStateRow({
    id: run.state_id,
    type: run.state_type,
    name: run.state_name as string,
    timestamp: run.state_timestamp as string,
    message: run.state_message,
    data: run.state_data,
    state_details: run.state_details,
  });
}

export function presentState(state: State): StateView {
  const { id, type, name, timestamp, message, data, state_details } = state;
  return {
    id,
    type,
    name,
    timestamp,
    message,
    data: data === null ? null : new JsonText(data),
    state_details: { ...state_details },
  };
}

const reason = view.text.nullable();

const outcomeDetails = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("accept_details") }),
  z.strictObject({ type: z.literal("reject_details"), reason }),
  z.strictObject({ type: z.literal("abort_details"), reason }),
  z.strictObject({ type: z.literal("wait_details"), delay_seconds: view.integer, reason }),
]);

export const outcomeView = z
  .strictObject({
    state: stateView.nullable(),
    status: z.enum(["ACCEPT", "REJECT", "ABORT", "WAIT"]),
    details: outcomeDetails,
  })
  .meta({ id: "OrchestrationResult" });

export const bulkOutcomeView = z
  .strictObject({ flow_run_id: view.uuid, ...outcomeView.shape })
  .meta({ id: "FlowRunOrchestrationResult" });

export function presentOutcome(outcome: Outcome): z.input<typeof outcomeView> {
  const { status, state, reason } = outcome;
  return { state: state === null ? null : presentState(state), status, details: detailsOf() };

  function detailsOf(): z.input<typeof outcomeDetails> {
    switch (outcome.reportedAs ?? status) {
      case "ACCEPT":
        return { type: "accept_details" };
      case "REJECT":
        return { type: "reject_details", reason };
      case "ABORT":
        return { type: "abort_details", reason };
      case "WAIT":
        return { type: "wait_details", delay_seconds: outcome.delaySeconds ?? 0, reason };
    }
  }
}
