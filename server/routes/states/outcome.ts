import { z } from "zod";
import type { Outcome } from "../../domain/orchestration/decide.ts";
import { view } from "../../http/response/view-types.ts";
import { presentState, stateView } from "./view.ts";

const reason = view.text.nullable();

const details = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("accept_details") }),
  z.strictObject({ type: z.literal("reject_details"), reason }),
  z.strictObject({ type: z.literal("abort_details"), reason }),
  z.strictObject({ type: z.literal("wait_details"), delay_seconds: view.integer, reason }),
]);

export const outcomeView = z
  .strictObject({ state: stateView.nullable(), status: z.enum(["ACCEPT", "REJECT", "ABORT", "WAIT"]), details })
  .meta({ id: "OrchestrationResult" });

export const bulkOutcomeView = z
  .strictObject({ flow_run_id: view.uuid, ...outcomeView.shape })
  .meta({ id: "FlowRunOrchestrationResult" });

export function presentOutcome(outcome: Outcome): z.input<typeof outcomeView> {
  const { status, state, reason } = outcome;
  return { state: state === null ? null : presentState(state), status, details: detailsOf() };

  function detailsOf(): z.input<typeof details> {
    switch (outcome.told ?? status) {
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
