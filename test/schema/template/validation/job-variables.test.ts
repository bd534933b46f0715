import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonObject, type PlanObject, UNKNOWN } from "../../../../schema/json.ts";
import { referencedBlocks } from "../../../../schema/template/validation/default-values.ts";
import { checkJobVariables } from "../../../../schema/template/validation/job-variables.ts";
import { templates, values, variableSets } from "../arbitraries.ts";
import { variableCases } from "./variable-cases.ts";

const BLOCK = "6f5b3c1e-2d0a-4a35-9e7d-1c1f5a0f7a11";

describe("job variables are judged as a real server judges them:", () => {
  it.each(variableCases.map((each) => [each.about, each] as const))(
    "%s",
    (_, { template, variables, deployment, run }) => {
      for (const [kind, answer] of [
        ["Error creating deployment", deployment],
        ["Error creating flow run", run],
      ] as const) {
        const required = answer === run;
        const { problems, conclusive } = checkJobVariables(template as PlanObject, variables as PlanObject, {
          required,
          blocks: new Map(),
        });
        expect(conclusive).toBe(true);
        expect(problems.length === 0 ? "taken" : "refused").toBe(answer.verdict);
        // The server answers with the bare sentence where it does not get as far as validating.
        if (answer.detail !== "")
          expect([`${kind}: ${problems[0]?.detail}`, problems[0]?.detail]).toContain(answer.detail);
      }
    },
  );
});

describe("checkJobVariables", () => {
  const template = {
    job_configuration: { command: "{{ image }}" },
    variables: {
      type: "object",
      required: ["image"],
      properties: { image: { type: "string" }, key: { $ref: "#/definitions/Key" } },
      definitions: { Key: { type: "object", properties: { token: { type: "string" } } } },
    },
  };

  it("points at the variable, and names no value", () => {
    const { problems } = checkJobVariables(template, { image: "a", key: { token: 5318008 } }, { required: false });
    expect(problems.map(({ rule, path, message }) => ({ rule, path, message }))).toEqual([
      { rule: "schema/violated", path: ["key", "token"], message: "must be of type string or null" },
    ]);
  });

  it("enforces `required` for runs only", () => {
    expect(checkJobVariables(template, {}, { required: false })).toEqual({ problems: [], conclusive: true });
    expect(
      checkJobVariables(template, {}, { required: true }).problems.map(({ path, detail }) => ({ path, detail })),
    ).toEqual([{ path: [], detail: "Validation failed. Failure reason: 'image' is a required property" }]);
  });

  it("finds nothing where the template is empty or not known", () => {
    expect(checkJobVariables({}, { image: 5 }, { required: true })).toEqual({ problems: [], conclusive: true });
    expect(checkJobVariables(UNKNOWN, { image: 5 }, { required: true })).toEqual({ problems: [], conclusive: false });
    expect(checkJobVariables({ variables: UNKNOWN }, { image: 5 }, { required: true })).toEqual({
      problems: [],
      conclusive: false,
    });
  });

  it("does not judge an unknown value, and still judges the others", () => {
    expect(checkJobVariables(template, { image: UNKNOWN }, { required: true })).toEqual({
      problems: [],
      conclusive: false,
    });
    const { problems } = checkJobVariables(template, { image: UNKNOWN, key: 5 }, { required: true });
    expect(problems.map(({ path }) => path)).toEqual([["key"]]);
  });

  it("uses the data of blocks that defaults refer to", () => {
    const token = { type: "object", properties: { token: { type: "string" } }, required: ["token"] };
    const referring = {
      variables: {
        required: ["must"],
        properties: { key: { ...token, default: { $ref: { block_document_id: BLOCK } } } },
      },
    };
    expect(referencedBlocks(referring.variables)).toEqual([BLOCK]);
    const check = (blocks?: Map<string, JsonObject>) =>
      checkJobVariables(referring, { must: 1 }, { required: true, blocks });
    expect(check()).toEqual({ problems: [], conclusive: false });
    expect(check(new Map([[BLOCK, { token: "a" }]]))).toEqual({ problems: [], conclusive: true });
    expect(check(new Map([[BLOCK, {}]])).problems.map(({ detail }) => detail)).toEqual([
      "Validation failed for field 'key'. Failure reason: 'token' is a required property",
    ]);
    expect(check(new Map()).problems.map(({ rule, detail }) => ({ rule, detail }))).toEqual([
      { rule: "template/missing-block", detail: "Block not found." },
    ]);
  });

  it("never reports an unknown value as a wrong one", () => {
    fc.assert(
      fc.property(templates, variableSets, fc.nat(), fc.boolean(), (template, variables, pick, required) => {
        const problems = (any: PlanObject) => checkJobVariables(template as PlanObject, any, { required }).problems;
        const names = Object.keys(variables);
        fc.pre(names.length > 0 && problems(variables as PlanObject).length === 0);
        const unknown: PlanObject = { ...(variables as PlanObject), [names[pick % names.length] as string]: UNKNOWN };
        expect(problems(unknown)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("never throws, whatever template and values", () => {
    fc.assert(
      fc.property(fc.oneof(templates, values), variableSets, fc.boolean(), (any, variables, required) => {
        const { problems } = checkJobVariables(any as PlanObject, variables as PlanObject, { required });
        expect(problems.every(({ severity }) => severity === "error")).toBe(true);
      }),
    );
  });
});
