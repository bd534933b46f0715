import { formatPath, type Path } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import type { Stopped, Violation } from "../json-schema/index.ts";
import { violationMessage } from "./violation-message.ts";

/** A problem with a schema or with values for it. */
export interface SchemaProblem extends Problem {
  /** The message of a Prefect server about it. Contains values: only for a server's answers, never for logs. */
  detail: string;
}

export interface ValidationResult {
  /** Empty: nothing wrong was found. The first is the one that a Prefect server reports. */
  problems: SchemaProblem[];
  /** False when it depends on an unknown, or would take too long to find out, whether there are (more) problems. */
  conclusive: boolean;
}

export const INCONCLUSIVE: ValidationResult = { problems: [], conclusive: false };

export const TOO_DEEP: ValidationResult = {
  problems: [
    {
      rule: "schema/too-deep",
      severity: "error",
      path: [],
      message: "is nested too deeply: a server fails with an internal error beyond about 250 levels",
      detail: "Validation failed. Failure reason: nested too deeply",
    },
  ],
  conclusive: true,
};

export function problemOfViolation(rule: string, violation: Violation, detail: string): SchemaProblem {
  return { rule, severity: "error", path: violation.path, message: violationMessage(violation), detail };
}

const STOPPED: { [reason in Stopped["reason"]]: { rule: string; message: string } } = {
  circular: {
    rule: "schema/circular",
    message: "this value reaches a schema that refers to itself endlessly: the server fails with an internal error",
  },
  unresolvable: {
    rule: "schema/unresolvable-reference",
    message:
      'a `$ref` that applies here cannot be resolved: it can only refer to places in the same document, for instance "#/definitions/<name>"',
  },
  crash: {
    rule: "schema/crash",
    message:
      "a `$ref` that applies here leads to something that is not a schema: the server fails with an internal error",
  },
  budget: { rule: "schema/too-complex", message: "takes too long to check" },
};

export function problemOfStop(stopped: Stopped): SchemaProblem {
  const detail =
    stopped.reason === "circular"
      ? "Invalid schema: Unable to validate schema with circular references."
      : `Validation failed. Failure reason: ${stopped.message}`;
  return { ...STOPPED[stopped.reason], severity: "error", path: stopped.path, detail };
}

export function notASchema(path: Path): SchemaProblem {
  const message =
    'must be an object: plain `true` and `false`, which JSON Schema allows here, make the server fail with an internal error; write `{}` or `{ "not": {} }`';
  return { rule: "schema/boolean", severity: "error", path, message, detail: "Invalid schema: not an object" };
}

export function blockWithoutTitle(path: Path): SchemaProblem {
  const message = "has `block_type_slug` but no `title`: the server fails with an internal error";
  return { rule: "schema/block-without-title", severity: "error", path, message, detail: "Invalid schema: 'title'" };
}

/** Keeps the first problem of each rule at each place. */
export function firstPerPlace<T extends Problem>(problems: readonly T[]): T[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const place = `${problem.rule} ${formatPath(problem.path)}`;
    return !seen.has(place) && seen.add(place);
  });
}
