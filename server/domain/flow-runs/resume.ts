import type { PlanObject } from "../../../schema/json.ts";
import { validateAgainst } from "../../../schema/template/validation/schema-validator.ts";
import { flowRunInput } from "../../store/queries/runs/flow-run-inputs.ts";
import { lockFlowRun } from "../../store/queries/runs/flow-runs.ts";
import type { Db } from "../../store/store.ts";
import { parseJson, plainNumbers, toJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { Outcome } from "../orchestration/decide.ts";
import type { ClientBehavior } from "../orchestration/flow-run-transition.ts";
import { type State, stateOf } from "../orchestration/state.ts";
import { HydrationError, hydrate } from "../parameters/hydrate.ts";
import { addInput } from "./inputs.ts";
import { setFlowRunState } from "./set-state.ts";

/** Resumes a paused run with the input that it waits for, inside a `transaction`. Throws: ApiError `not_found`. */
export async function resumeFlowRun(
  context: Context,
  tx: Db,
  id: string,
  { input, client }: { input: Record<string, unknown> | undefined; client: ClientBehavior },
): Promise<Outcome> {
  const run = await lockFlowRun(tx, id);
  if (run === undefined) throw new ApiError("not_found", "Flow run not found");
  const paused = stateOf(run);
  if (paused?.type !== "PAUSED") {
    return { ...UNCHANGED, status: "ABORT", reason: "Cannot resume a flow run that is not paused.", state: null };
  }
  const keys = paused.state_details.run_input_keyset;
  const judged = keys === null ? undefined : await judgeInput(tx, id, keys, input ?? {});
  if (judged !== undefined && "problem" in judged) return refused(paused, judged.problem);
  // A suspended run has no process any more: it is rescheduled.
  const suspended = paused.state_details.pause_reschedule;
  const state = suspended ? ({ type: "SCHEDULED", name: "Resuming" } as const) : ({ type: "RUNNING" } as const);
  const outcome = await setFlowRunState(context, tx, id, { state, client });
  if (judged !== undefined && keys?.response !== undefined && outcome.status === "ACCEPT") {
    if (Object.keys(judged.input).length > 0) {
      await addInput(context, tx, { flow_run_id: id, key: keys.response, value: toJson(judged.input) });
    }
  }
  return outcome;
}

const UNCHANGED = { delaySeconds: null, changed: false } as const;

function refused(state: State, reason: string): Outcome {
  return { ...UNCHANGED, status: "REJECT", reportedAs: "ABORT", reason, state };
}

/** The hydrated input, if it fits the schema that the run has stored. */
async function judgeInput(
  tx: Db,
  id: string,
  keys: Record<string, string>,
  rawInput: Record<string, unknown>,
): Promise<{ input: Record<string, unknown> } | { problem: string }> {
  let input: Record<string, unknown>;
  try {
    input = await hydrate(tx, rawInput);
  } catch (error) {
    if (!(error instanceof HydrationError)) throw error;
    return { problem: `Error hydrating run input: ${error.message}` };
  }
  const stored = await flowRunInput(tx, id, keys.schema ?? "");
  if (stored === undefined) return { problem: "Run input schema not found." };
  const schema = parse(stored.value);
  if (schema === undefined) return { problem: "Run input schema is not valid JSON." };
  const [plain, values] = [plainNumbers(schema) as PlanObject, plainNumbers(input) as PlanObject];
  const [problem] = validateAgainst(plain, values, { enforceRequired: true }).problems;
  return problem === undefined ? { input } : { problem: `Reason: ${problem.detail}` };
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
