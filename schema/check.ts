import type { z } from "zod";
import type { Field, ResourceContract, RuleContext } from "./define.ts";
import { definedKeys, hasUnknown, isObject, type Plan, type PlanObject, setKey, UNKNOWN } from "./json.ts";
import { findTooDeep, MAX_DEPTH } from "./nesting-depth.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problem.ts";

export interface CheckContext extends RuleContext {
  /** The resource's name in the program, where the host knows it. */
  resourceName?: string | undefined;
}

export interface Checked {
  /** What was declared, in its normal form: nulls dropped, defaults filled in, JSON strings parsed, the server's spelling. */
  declared: PlanObject;
  problems: Problem[];
}

/** Checks what a program declares against a contract: types, rules, numbers that JSON cannot carry. Anything may be UNKNOWN and
 *  is then not judged. Pure; never throws on user data. `null` means absent. Keys that start with `__` belong to hosts and are
 *  dropped. */
export function check(contract: ResourceContract, program: PlanObject, context: CheckContext): Checked {
  const problems: Problem[] = [];
  const declared: PlanObject = {};
  for (const key of Object.keys(program)) {
    const value = program[key];
    const field = contract.fields[key];
    if (value === undefined || key.startsWith("__")) continue;
    if (value === null) {
      if (field?.nullable) declared[key] = null;
      continue;
    }
    if (findTooDeep(value) !== undefined) {
      problems.push({ rule: "too-deep", severity: "error", path: [key], message: TOO_DEEP });
      continue;
    }
    if (field !== undefined) {
      const normal = normalise(field, value, key, problems);
      if (normal !== undefined) declared[key] = normal;
    } else if (contract.directives[key] !== undefined) declared[key] = value;
    else problems.push(unknownField(contract, key));
  }
  for (const [key, field] of Object.entries(contract.fields)) {
    if (declared[key] === undefined && field.defaultsToResourceName && context.resourceName !== undefined) {
      declared[key] = context.resourceName;
    }
    const value = declared[key];
    if (value === null) continue;
    if (value !== undefined) problems.push(...typeProblems(field.type, value, [key]));
    else if (field.required && program[key] == null) {
      problems.push({ rule: "required", severity: "error", path: [key], message: "is required" });
    }
  }
  for (const [key, directive] of Object.entries(contract.directives)) {
    const value = declared[key];
    if (value !== undefined) problems.push(...typeProblems(directive.type, value, [key]));
  }
  if (problems.every((problem) => problem.severity !== "error")) {
    for (const rule of contract.rules) problems.push(...rule(declared, context));
  }
  return { declared, problems };
}

const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep: a Prefect server fails on such documents`;

/** Checks one value against a zod type. Unknown leaves are skipped, together with what cannot be judged without them. */
export function typeProblems(type: z.ZodType, value: Plan, path: Path): Problem[] {
  const numbers = numberProblems(value, path);
  if (numbers.length > 0) return numbers;
  if (value === UNKNOWN) return [];
  const unknowns = unknownPaths(value, []);
  const result = type.safeParse(unknowns.length > 0 ? withoutUnknowns(value) : value);
  if (result.success) return [];
  return result.error.issues
    .filter((issue) => !unknowns.some((unknown) => related(unknown, issue.path)))
    .map((issue) => toProblem(issue, path));
}

function toProblem(issue: z.core.$ZodIssue, path: Path): Problem {
  const steps = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const rule =
    issue.code === "custom" && typeof issue.params?.rule === "string" ? issue.params.rule : RULES[issue.code];
  return { rule: rule ?? "type", severity: "error", path: [...path, ...steps], message: describe(issue) };
}

const RULES: Partial<Record<z.core.$ZodIssue["code"], string>> = {
  invalid_type: "type",
  too_small: "range",
  too_big: "range",
  invalid_value: "choice",
  unrecognized_keys: "unknown-field",
};

/** zod's own texts may print the value; ours state only the rule. */
function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.startsWith("must ") ? issue.message : `must be ${article(issue.expected)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "unrecognized_keys":
      return `has no field ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
    case "invalid_format":
      return `must be a valid ${issue.format}`;
    default:
      return issue.message;
  }
}

function article(expected: string): string {
  if (expected === "int") return "a whole number";
  if (expected === "record") return "an object";
  return `${/^[aeiou]/.test(expected) ? "an" : "a"} ${expected}`;
}

function unknownField(contract: ResourceContract, key: string): Problem {
  const isOutput = contract.outputs[key] !== undefined;
  const known = [...Object.keys(contract.fields), ...Object.keys(contract.directives)].join(", ");
  return {
    rule: "unknown-field",
    severity: "error",
    path: [key],
    message: isOutput
      ? "is set by the server and cannot be declared"
      : `is not a field of ${contract.kind}; its fields are ${known}`,
  };
}

/** Nulls at the top and in objects with fixed keys mean absent, and these are spelt as the server does; a JSON string in place of a
 *  document is parsed. */
function normalise(field: Field, value: Plan, key: string, problems: Problem[]): Plan | undefined {
  if (field.objectKeys !== undefined && isObject(value)) {
    const kept: PlanObject = {};
    for (const name of definedKeys(value)) if (value[name] !== null) setKey(kept, name, value[name]);
    return field.normalize?.(kept) ?? kept;
  }
  if (!field.acceptsJsonText || typeof value !== "string") return value;
  try {
    if (findTooDeep(JSON.parse(value) as Plan) === undefined) return parseExactly(value);
    problems.push({ rule: "too-deep", severity: "error", path: [key], message: TOO_DEEP });
    return undefined;
  } catch (error) {
    if (!(error instanceof InexactNumber) && !(error instanceof SyntaxError)) throw error;
    // A parser's message quotes the text, which may be secret.
    const message =
      error instanceof InexactNumber
        ? error.message
        : "must be an object, or a string that holds one as JSON; this is not JSON";
    problems.push({
      rule: error instanceof InexactNumber ? "number" : "json",
      severity: "error",
      path: [key],
      message,
    });
    return undefined;
  }
}

const INEXACT =
  "holds a number that does not survive JSON (an integer beyond 2^53, or not finite): it would arrive changed. Write it as a string";

class InexactNumber extends Error {}

/** JSON.parse that refuses numbers it would have to change. Throws: SyntaxError, InexactNumber. */
function parseExactly(text: string): Plan {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value === "number" && !survives(value, context?.source)) throw new InexactNumber(INEXACT);
    return value;
  };
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown) as Plan;
}

function survives(value: number, source?: string): boolean {
  if (!Number.isFinite(value)) return false;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  return source === undefined || !/^-?\d+$/.test(source) || BigInt(source) === BigInt(value);
}

function numberProblems(value: Plan, path: Path): Problem[] {
  if (typeof value === "number" && !survives(value)) {
    return [{ rule: "number", severity: "error", path, message: INEXACT.replace("holds", "is") }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => numberProblems(item, [...path, index]));
  if (isObject(value)) {
    return Object.entries(value as PlanObject).flatMap(([key, item]) => numberProblems(item, [...path, key]));
  }
  return [];
}

function unknownPaths(value: Plan, path: Path): Path[] {
  if (value === UNKNOWN) return [path];
  if (!hasUnknown(value)) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownPaths(item, [...path, index]));
  return Object.entries(value as PlanObject).flatMap(([key, item]) => unknownPaths(item, [...path, key]));
}

function withoutUnknowns(value: Plan): unknown {
  if (value === UNKNOWN) return undefined;
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (!isObject(value)) return value;
  const kept: { [key: string]: unknown } = {};
  for (const [key, item] of Object.entries(value as PlanObject)) {
    if (item !== UNKNOWN) setKey(kept, key, withoutUnknowns(item));
  }
  return kept;
}

/** Whether one path is at, above or below the other: a problem there may be the unknown's doing. */
function related(unknown: Path, problem: readonly PropertyKey[]): boolean {
  return unknown.every((step, index) => index >= problem.length || problem[index] === step);
}
