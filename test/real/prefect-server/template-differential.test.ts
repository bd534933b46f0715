import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, PlanObject } from "../../../schema/json.ts";
import { checkDeployments } from "../../../schema/template/deployment-compatibility.ts";
import { lintTemplate } from "../../../schema/template/lint/lint-template.ts";
import { checkJobVariables } from "../../../schema/template/validation/job-variables.ts";
import { templates, variableSets } from "../../schema/template/arbitraries.ts";
import { templateCases } from "../../schema/template/lint/template-cases.ts";
import { variableCases } from "../../schema/template/validation/variable-cases.ts";
import { jsonbOrdered, TemplateServer } from "./template-server.ts";

/** The same templates and variables go to a real Prefect on PostgreSQL (PREFECT_IAC_REAL_URL) and to the linter: verdicts must be equal,
 *  unless the linter is unsure. Everything created there is deleted. */

const RUNS = 150;

let server: TemplateServer;

beforeAll(() => {
  const url = process.env.PREFECT_IAC_REAL_URL ?? "";
  if (url === "") throw new Error("PREFECT_IAC_REAL_URL must name the API of a running Prefect");
  server = new TemplateServer(url);
});

afterAll(() => server.cleanUp());

/** `unsure`: the linter does not judge the template. */
function verdictOf(template: PlanObject, operation: "create" | "update"): "taken" | "refused" | "unsure" {
  const problems = lintTemplate(template, { operation });
  if (problems.some(({ severity }) => severity === "error")) return "refused";
  return problems.some(({ rule }) => rule === "template/not-judged") ? "unsure" : "taken";
}

describe("a real server and the linter", () => {
  it.each(templateCases.map((each) => [each.about, each] as const))(
    "know %s",
    async (_, { template, create, update }) => {
      expect({ create: await server.create(template), update: await server.update(template) }).toEqual({
        create,
        update,
      });
    },
  );

  it("give the same verdicts on generated templates", async () => {
    await fc.assert(
      fc.asyncProperty(templates, async (template) => {
        const create = verdictOf(template as PlanObject, "create");
        if (create !== "unsure") expect(await server.create(template)).toBe(create);
        expect(await server.update(template)).toBe(verdictOf(template as PlanObject, "update"));
      }),
      { numRuns: RUNS },
    );
  });
});

describe("a real server and the check of variables", () => {
  it.each(variableCases.map((each) => [each.about, each] as const))("know %s", async (_, each) => {
    expect(await server.variables(each.template, each.variables)).toEqual({
      deployment: each.deployment,
      run: each.run,
    });
  });

  it("give the same verdicts on generated variables", async () => {
    await fc.assert(
      fc.asyncProperty(templates, variableSets, async (template, variables) => {
        fc.pre(Object.keys(variables).length > 0);
        const theirs = await server.variables(template, variables);
        fc.pre(theirs !== undefined);
        for (const kind of ["deployment", "run"] as const) {
          const { problems, conclusive } = checkJobVariables(
            jsonbOrdered(template) as JsonObject,
            variables as JsonObject,
            {
              required: kind === "run",
            },
          );
          if (conclusive)
            expect([kind, theirs?.[kind].verdict]).toEqual([kind, problems.length === 0 ? "taken" : "refused"]);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe("a real server and the check of deployments", () => {
  it("agree on which deployments a template change breaks", async () => {
    const counts = { broken: 0, kept: 0 };
    await fc.assert(
      fc.asyncProperty(templates, templates, variableSets, async (before, after, variables) => {
        const [keptBefore, keptAfter] = [jsonbOrdered(before) as JsonObject, jsonbOrdered(after) as JsonObject];
        const isConclusive = (template: JsonObject) =>
          checkJobVariables(template, variables as JsonObject, { required: true }).conclusive;
        fc.pre(isConclusive(keptBefore) && isConclusive(keptAfter));
        const theirs = await server.change(before, after, variables);
        fc.pre(theirs !== undefined);
        const deployment = { name: "d", jobVariables: variables as JsonObject };
        const problems = checkDeployments(keptAfter, [deployment], keptBefore);
        const broken = problems.some(({ severity }) => severity === "error");
        expect({ ...theirs, broken }).toEqual({
          ...theirs,
          broken: theirs?.before === "taken" && theirs.after === "refused",
        });
        counts[broken ? "broken" : "kept"] += 1;
      }),
      { numRuns: RUNS },
    );
    // Both outcomes must occur among the generated templates.
    expect(Math.min(counts.broken, counts.kept)).toBeGreaterThan(0);
  });
});
