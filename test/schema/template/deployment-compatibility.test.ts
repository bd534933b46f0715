import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { checkDeployments } from "../../../schema/template/deployment-compatibility.ts";
import { checkJobVariables } from "../../../schema/template/validation/job-variables.ts";
import { defaultTemplate } from "../../../schema/template/workers/worker-metadata.ts";
import { templates, variableSets } from "./arbitraries.ts";

const PLANTED = "planted-f00dfeed";

function template(properties: JsonObject, more: { required?: string[]; configuration?: JsonObject } = {}): JsonObject {
  const uses = Object.fromEntries(Object.keys(properties).map((name) => [name, `{{ ${name} }}`]));
  return {
    job_configuration: more.configuration ?? { command: "run", ...uses },
    variables: { type: "object", properties, ...(more.required && { required: more.required }) },
  };
}

const image = { image: { type: "string" } };
const nightly = { name: "nightly", jobVariables: { image: PLANTED, cpu: 2 } };
const hourly = { name: "hourly", jobVariables: { image: PLANTED } };
const before = template({ ...image, cpu: { type: "integer" } });

function problemsOf(after: JsonObject, deployments = [nightly, hourly], old: JsonObject | undefined = before) {
  return checkDeployments(after, deployments, old).map(({ rule, severity, path, message }) => {
    expect(message).not.toContain(PLANTED);
    return { rule, severity, path: path.join("."), message: message.split(". ")[0] };
  });
}

const refuses = { rule: "template/refuses-deployment", severity: "error" };
const ignores = { rule: "template/ignores-variable", severity: "warning" };

describe("a template and the deployments of its pool:", () => {
  it("a change that affects no deployment is no problem", () => {
    expect(problemsOf(before)).toEqual([]);
    expect(problemsOf(template({ ...image, cpu: { type: "number" }, memory: { type: "string" } }))).toEqual([]);
    expect(problemsOf({})).toEqual([
      {
        ...ignores,
        path: "job_configuration",
        message: expect.stringContaining('`image` any more, which is set by the deployments "nightly", "hourly"'),
      },
      {
        ...ignores,
        path: "job_configuration",
        message: expect.stringContaining('`cpu` any more, which is set by the deployment "nightly"'),
      },
    ]);
  });

  it("a type that no longer fits is reported at the variable, for the deployments that set it", () => {
    expect(problemsOf(template({ ...image, cpu: { type: "string" } }))).toEqual([
      {
        ...refuses,
        path: "variables.properties.cpu",
        message:
          'would make the server refuse runs of the deployment "nightly", which it accepts now: the job variable `cpu` must be of type string or null',
      },
    ]);
  });

  it("a variable that becomes required is reported for the deployments that do not set it, unless it has a default", () => {
    const properties = { ...image, cpu: { type: "integer" }, memory: { type: "string" } };
    expect(problemsOf(template(properties, { required: ["memory", "image"] }))).toEqual([
      {
        ...refuses,
        path: "variables.required",
        message:
          'would make the server refuse runs of the deployments "nightly", "hourly", which it accepts now: they do not set `memory`',
      },
    ]);
    const memory = { type: "string", default: "1Gi" };
    expect(problemsOf(template({ ...properties, memory }, { required: ["memory"] }))).toEqual([]);
  });

  it("names that are no longer allowed, and an invalid schema, are reported for all deployments", () => {
    const closed = template(image);
    expect(
      problemsOf({ ...closed, variables: { ...(closed.variables as JsonObject), additionalProperties: false } }),
    ).toEqual([
      {
        ...refuses,
        path: "variables",
        message: expect.stringContaining('"nightly", which it accepts now: what they set has properties'),
      },
      { ...ignores, path: "job_configuration", message: expect.stringContaining("`cpu`") },
    ]);
    expect(problemsOf(template({ ...image, cpu: { type: "intager" } }))).toEqual([
      { ...refuses, path: "variables.properties.cpu.type", message: expect.stringContaining('"nightly", "hourly"') },
    ]);
  });

  it("what the template before had already is not reported; without a template before, everything is", () => {
    const strict = template({ ...image, cpu: { type: "string" } }, { required: ["memory"] });
    const stricter = template({ ...image, cpu: { type: "boolean" } }, { required: ["memory"] });
    expect(problemsOf(stricter, [nightly, hourly], strict)).toEqual([]);
    const unused = template(image, { configuration: { command: "{{ image }}" } });
    expect(problemsOf({ ...unused, job_configuration: { command: "{{ image }} -v" } }, [nightly], unused)).toEqual([]);
    expect(checkDeployments(unused, [nightly]).map(({ message }) => message)).toEqual([
      'does not use `cpu`, which is set by the deployment "nightly": runs would go on without it',
    ]);
  });

  it("that workers merge `env`, and look up parts of variables, counts as use", () => {
    const configuration = { command: "{{ image }}", labels: "{{ labels.team }}" };
    const after = template({ ...image, env: { type: "object", default: {} } }, { configuration });
    const deployment = {
      name: "d",
      jobVariables: { "env.TEAM": "a", env: { A: "b" }, "labels.team": "x", labels: {} },
    };
    expect(checkDeployments(after, [deployment])).toEqual([]);
    const without = template(image, { configuration: { command: "{{ image }}" } });
    expect(checkDeployments(without, [deployment]).map(({ message }) => message.split(",")[0])).toEqual([
      "does not use `env.TEAM`",
      "does not use `env`",
      "does not use `labels.team`",
      "does not use `labels`",
    ]);
  });

  it("many deployments with one cause are one problem with some of their names", () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ name: `d${index}`, jobVariables: { cpu: index } }));
    const problems = checkDeployments(template({ ...image, cpu: { type: "string" } }), many, before);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(
      'the deployments "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9" and 15 more',
    );
  });

  it("what depends on a block document is not judged", () => {
    const $ref = { block_document_id: "6f5b3c1e-2d0a-4a35-9e7d-1c1f5a0f7a11" };
    const block = template({ ...image, cpu: { type: "string", default: { $ref } } }, { required: ["cpu"] });
    expect(problemsOf(block, [hourly])).toEqual([]);
  });

  it("the default templates of Prefect accept deployments that set nothing", () => {
    for (const type of ["process", "docker", "kubernetes", "ecs"]) {
      expect(checkDeployments(defaultTemplate(type) ?? {}, [{ name: "plain", jobVariables: {} }])).toEqual([]);
    }
  });

  it("agrees with checkJobVariables for runs, whatever the template and the variables", () => {
    fc.assert(
      fc.property(templates, variableSets, (any, variables) => {
        const jobVariables = variables as JsonObject;
        const { problems, conclusive } = checkJobVariables(any as JsonObject, jobVariables, { required: true });
        const found = checkDeployments(any as JsonObject, [{ name: "d", jobVariables }]).filter(
          ({ rule }) => rule === refuses.rule,
        );
        expect(found.length).toBe(conclusive && problems.length > 0 ? 1 : 0);
      }),
    );
  });
});
