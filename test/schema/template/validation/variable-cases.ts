import { readFileSync } from "node:fs";

/** Templates and job variables with the answers of a real Prefect 3.8.4: for a deployment with these variables, and for a run
 *  with them of a deployment without any. An update has put the template there. */
export interface VariableCase {
  about: string;
  template: { [key: string]: unknown };
  variables: { [key: string]: unknown };
  deployment: Answer;
  run: Answer;
}

interface Answer {
  verdict: "taken" | "refused";
  /** Empty for what is taken, and for an internal error. */
  detail: string;
}

export const variableCases = JSON.parse(
  readFileSync(new URL("../../../fixtures/template/variables-3.8.4.json", import.meta.url), "utf8"),
) as VariableCase[];
