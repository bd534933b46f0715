import type { Plan } from "../../json.ts";
import { type Budget, evaluate, type Findings, Run } from "./evaluate.ts";
import { metaschemas } from "./metaschema.ts";
import { Registry } from "./references.ts";

const ADDRESS = "https://json-schema.org/draft/2020-12/schema";

let registry: Registry | undefined;

/** Whether a document is a valid schema of draft 2020-12: validates it by JSON Schema's own schema, formats included (patterns
 *  must be Python's). */
export function checkSchema(schema: Plan, budget?: Budget): Findings {
  const metaschema = metaschemas().get(ADDRESS) as Plan;
  registry ??= new Registry(metaschema);
  return evaluate(schema, new Run(metaschema, { formats: true, ...(budget && { budget }) }, registry));
}
