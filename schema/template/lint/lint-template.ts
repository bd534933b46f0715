import { definedKeys, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import { findTooDeep } from "../../nesting-depth.ts";
import type { Problem } from "../../problem.ts";
import { isTruthy } from "../validation/preprocess.ts";
import { firstPerPlace } from "../validation/schema-problem.ts";
import { visitStrings } from "../visit-strings.ts";
import { lintConfiguration } from "./lint-configuration.ts";
import { type LintOptions, MAX_PER_RULE } from "./lint-options.ts";
import { lintVariables } from "./lint-variables.ts";

export type { LintOptions } from "./lint-options.ts";

/** What the server would refuse (errors) or silently ignore, or what makes later runs fail (warnings), in a base job template.
 *  An internal error of the server counts as a refusal. Paths are from the template's root. Any leaf may be UNKNOWN: what
 *  depends on it is not judged. Never throws on user data.
 *  Source: prefect/server/schemas/actions.py, validate_base_job_template; prefect/server/api/validation.py. */
export function lintTemplate(template: PlanObject, options: LintOptions): Problem[] {
  const deep = findTooDeep(template);
  if (deep !== undefined) return [{ rule: "template/too-deep", severity: "error", path: deep, message: TOO_DEEP }];
  const problems = lintStrings(template);
  // A pool without a template has `{}`; its worker replaces that by its own.
  if (definedKeys(template).length === 0) return problems;
  const configuration = requiredPart(template, "job_configuration", problems);
  const variables = requiredPart(template, "variables", problems);
  if (configuration !== undefined) problems.push(...lintConfiguration(configuration, variables, options));
  if (variables !== undefined) problems.push(...lintVariables(variables, configuration, options));
  return limitedPerRule(firstPerPlace(problems));
}

const TOO_DEEP = "is nested too deeply: a server fails with an internal error beyond about 250 levels";

/** One of the two parts, if it is an object. */
function requiredPart(template: PlanObject, name: string, problems: Problem[]): PlanObject | undefined {
  const value: Plan | undefined = Object.hasOwn(template, name) ? template[name] : undefined;
  if (value === UNKNOWN) return undefined;
  if (!isTruthy(value)) {
    const message = `a template that is not empty needs both \`job_configuration\` and \`variables\`, and neither may be empty. ${PART_ADVICE[name]}`;
    problems.push({ rule: "template/missing-part", severity: "error", path: [name], message });
    return undefined;
  }
  if (isObject(value)) return value;
  problems.push({ rule: "template/not-an-object", severity: "error", path: [name], message: "must be an object" });
  return undefined;
}

const PART_ADVICE: { [part: string]: string } = {
  job_configuration: 'Use `{ "command": "{{ command }}" }`, for instance',
  variables: 'Without variables of your own, write `{ "type": "object" }`',
};

/** Strings that cannot be stored: anywhere in a template, keys included. */
function lintStrings(template: Plan): Problem[] {
  const problems: Problem[] = [];
  visitStrings(template, (text, path) => {
    if (!text.isWellFormed()) {
      const message = "contains half of a character (a lone UTF-16 surrogate): the server fails with an internal error";
      problems.push({ rule: "template/lone-surrogate", severity: "error", path: [...path], message });
    }
    if (text.includes("\u0000")) {
      const message = "contains a NUL character: a server on PostgreSQL cannot store it";
      problems.push({ rule: "template/nul-character", severity: "warning", path: [...path], message });
    }
  });
  return problems;
}

/** A document with the same mistake a thousand times gets fifty messages about it. */
function limitedPerRule(problems: readonly Problem[]): Problem[] {
  const counts = new Map<string, number>();
  return problems.filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= MAX_PER_RULE;
  });
}
