/** The face of the JSON Schema evaluator: nothing outside of this folder imports another file of it. */
export { type BrokenReference, brokenReferences } from "./broken-references.ts";
export { type Budget, type Findings, newBudget } from "./evaluate.ts";
export type { Stopped, Violation } from "./outcome.ts";
export { reprString } from "./python-text.ts";
export { checkSchema, createValidator } from "./validate.ts";
