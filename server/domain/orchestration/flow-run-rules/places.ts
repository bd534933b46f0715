import type { FlowRunRule } from "../flow-run-transition.ts";

/** What was free when a worker asked may be taken when it claims the run: then the run goes on waiting, and is handed out again. */
export const takePlace: FlowRunRule = ({ crowded }) =>
  crowded === null ? undefined : { kind: "abort", reason: `The concurrency limit of the work ${crowded} is reached.` };
