import type { RuleContext } from "../define.ts";
import { isObject, type PlanObject } from "../json.ts";
import type { Problem } from "../problem.ts";
import { lint } from "./lint.ts";

/** The template rules as a rule of a resource: lints the document in `field`, and puts the field in front of every path.
 *  `operation`: what reaches the server, where that does not depend on whether the resource is new. */
export function templateRules(
  field: string,
  operation?: RuleContext["operation"],
): (declared: PlanObject, context: RuleContext) => Problem[] {
  return (declared, context) => {
    const template = declared[field];
    if (!isObject(template)) return [];
    const poolType = typeof declared.type === "string" ? declared.type : undefined;
    return lint(template, { operation: operation ?? context.operation, poolType }).map((problem) => ({
      ...problem,
      path: [field, ...problem.path],
    }));
  };
}

/** A user's severities for single rules (`lintRules` of the configuration). What stands for a refusal of the server stays an
 *  error. */
export function withSeverities(
  problems: readonly Problem[],
  rules: Readonly<Record<string, "error" | "warn" | "off">>,
): Problem[] {
  return problems.flatMap((problem): Problem[] => {
    const wanted = Object.hasOwn(rules, problem.rule) ? rules[problem.rule] : undefined;
    if (problem.severity === "error" || wanted === undefined || wanted === "warn") return [problem];
    return wanted === "off" ? [] : [{ ...problem, severity: "error" }];
  });
}
