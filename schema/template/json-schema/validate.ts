import type { Plan } from "../../json.ts";
import { bestMatch } from "./best-match.ts";
import { type Budget, evaluate, type Findings, Run } from "./evaluate.ts";
import { metaschemas } from "./metaschema.ts";
import { Registry } from "./references.ts";

const METASCHEMA = "https://json-schema.org/draft/2020-12/schema";

let metaschemaRegistry: Registry | undefined;

/** Whether a document is a valid schema of draft 2020-12: validates it by JSON Schema's own schema, formats included (patterns
 *  must be Python's). */
export function checkSchema(schema: Plan, budget?: Budget): Findings {
  const metaschema = metaschemas().get(METASCHEMA) as Plan;
  metaschemaRegistry ??= new Registry(metaschema);
  return evaluate(schema, new Run(metaschema, { formats: true, ...(budget && { budget }) }, metaschemaRegistry));
}

/** A validator for one schema, which must be valid (`checkSchema`). The first violation is the one that `best_match` of Python's
 *  `jsonschema` picks. `formats`: whether `format` counts. */
export function createValidator(
  schema: Plan,
  { formats }: { formats: boolean },
): (value: Plan, budget?: Budget) => Findings {
  const registry = new Registry(schema);
  return (value, budget) => {
    const findings = evaluate(value, new Run(schema, { formats, ...(budget && { budget }) }, registry));
    const best = bestMatch(findings.violations);
    if (best === undefined) return findings;
    return { ...findings, violations: [best, ...findings.violations.filter((each) => each !== best)] };
  };
}
