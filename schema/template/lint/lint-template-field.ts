import type { RuleContext } from "../../define.ts";
import { isObject, type PlanObject } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { lintTemplate } from "./lint-template.ts";

/** The template rules as a rule of a resource: lints the document in `field`, and puts the field in front of every path.
 *  `operation`: what reaches the server, where that does not depend on whether the resource is new. */
export function lintTemplateField(
  field: string,
  operation?: RuleContext["operation"],
): (declared: PlanObject, context: RuleContext) => Problem[] {
  return (declared, context) => {
    const template = declared[field];
    if (!isObject(template)) return [];
    const poolType = typeof declared.type === "string" ? declared.type : undefined;
    return lintTemplate(template, { operation: operation ?? context.operation, poolType }).map((problem) => ({
      ...problem,
      path: [field, ...problem.path],
    }));
  };
}
