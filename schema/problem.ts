import { formatPath, type Path } from "./path.ts";

/** Something wrong with what a user declared, found before any request. The message names fields and paths, never values:
 *  any leaf may be a secret. */
export interface Problem {
  /** Stable id of the rule, for documentation and for switching lint rules, e.g. `template/undeclared-placeholder`. */
  rule: string;
  severity: "error" | "warning";
  /** From the root of the resource's fields; the first step is the field's surface name. */
  path: Path;
  /** What is wrong and what to do, one or two sentences, without the path. */
  message: string;
}

export function formatProblem(problem: Problem): string {
  const where = formatPath(problem.path);
  return `${where === "" ? "" : `${where}: `}${problem.message} [${problem.rule}]`;
}
