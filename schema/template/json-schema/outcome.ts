import type { Plan } from "../../json.ts";
import type { Path } from "../../path.ts";

/** One reason why a value is not valid, as `jsonschema` would report it. */
export interface Violation {
  /** `undefined` under a schema that is `false`. */
  keyword: string | undefined;
  /** From the root of what was validated. */
  path: Path;
  instance: Plan;
  schema: Plan;
  /** Python's own sentence about it. Contains values: for answers of a server, never for logs or diagnostics. */
  say: () => string;
  /** What failed in the branches of `anyOf` and `oneOf`. */
  context: readonly Violation[];
}

/** Stands among the findings where something cannot be judged: a value that is not known yet, a pattern that takes too long. */
export const UNSURE: unique symbol = Symbol("prefect-iac.unsure");
export type Finding = Violation | typeof UNSURE;

/** `unsure` when it depends on something that cannot be judged. */
export type Validity = boolean | "unsure";

/** Validation could not go on.
 *  `circular`: Python's stack ends. `unresolvable`: a reference leads nowhere. `crash`: Python raises another error, and the
 *  server answers 500. `budget`: ours, after too much work; nothing is known then. */
export class Stopped extends Error {
  readonly reason: "circular" | "unresolvable" | "crash" | "budget";
  /** Where in the validated value. */
  readonly path: Path;

  constructor(reason: Stopped["reason"], path: Path, message: string) {
    super(message);
    this.reason = reason;
    this.path = path;
  }
}
