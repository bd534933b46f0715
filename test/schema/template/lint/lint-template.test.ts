import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Plan, type PlanObject, setKey, UNKNOWN } from "../../../../schema/json.ts";
import { formatPath } from "../../../../schema/path.ts";
import { lintTemplate } from "../../../../schema/template/lint/lint-template.ts";
import { defaultTemplate, workerTypes } from "../../../../schema/template/workers/worker-metadata.ts";
import { templates, values } from "../arbitraries.ts";
import { templateCases } from "./template-cases.ts";

const INCONCLUSIVE = ["a subschema of an older draft"];

/** Rule and place of every problem. */
const found = (template: unknown, operation: "create" | "update" = "create", poolType?: string) =>
  lintTemplate(template as PlanObject, { operation, poolType }).map(
    ({ rule, severity, path }) => `${severity} ${rule} ${formatPath(path)}`,
  );

const message = (template: unknown, operation: "create" | "update" = "create") =>
  lintTemplate(template as PlanObject, { operation })[0]?.message ?? "";

const one = (schema: unknown, more: object = {}, text = "{{ x }}") => ({
  job_configuration: { command: text },
  variables: { properties: { x: schema }, ...more },
});

describe("lintTemplate agrees with a real server about", () => {
  it.each(templateCases.map((each) => [each.about, each] as const))("%s", (about, { template, create, update }) => {
    const own = (operation: "create" | "update") =>
      found(template, operation).some((problem) => problem.startsWith("error")) ? "refused" : "taken";
    expect({ create: own("create"), update: own("update") }).toEqual({ create, update });
    if (!INCONCLUSIVE.includes(about)) expect(found(template).join()).not.toContain("not-judged");
  });
});

describe("lintTemplate finds nothing in", () => {
  it.each(workerTypes())("the default template of %s", (type) => {
    expect(found(defaultTemplate(type), "create", type)).toEqual([]);
    expect(found(defaultTemplate(type), "update", type)).toEqual([]);
  });

  it("a template that is not there yet", () => {
    expect(found({})).toEqual([]);
  });
});

describe("lintTemplate points at", () => {
  it("a placeholder that is not declared, and at the variable that was meant", () => {
    const template = { job_configuration: { a: [{ image: "{{ imgae }}" }] }, variables: { properties: { image: {} } } };
    expect(found(template)).toEqual([
      "error template/undeclared-placeholder job_configuration.a[0].image",
      "warning template/unused-variable variables.properties.image",
    ]);
    expect(message(template)).toBe(
      'uses `{{ imgae }}`, which `variables.properties` does not declare. Did you mean "image"?',
    );
  });

  it.each([
    ["{{ prefect.variables.team }}", "declare a variable whose default is this text"],
    ["{{ $HOME }}", "Environment variables cannot be used"],
    ["{{ x.y }}", "parts of a variable cannot be used"],
    ["{{ something_else }}", "Declare it, or remove the placeholder"],
  ])("the way out for %s", (text, advice) => {
    expect(message(one({}, {}, `{{ x }}${text}`))).toContain(advice);
  });

  it("each problem of a schema once, at its place", () => {
    expect(found(one({ type: "strnig", minLength: -1, items: [{}] }))).toEqual([
      "error template/invalid-schema variables.properties.x.items",
      "error template/invalid-schema variables.properties.x.type",
      "error template/invalid-schema variables.properties.x.minLength",
    ]);
  });

  it("what a server accepts in an update and fails on later, as a warning", () => {
    expect(found(one({ type: "strnig" }), "update")).toEqual([
      "warning template/invalid-schema variables.properties.x.type",
    ]);
    expect(message(one({ type: "strnig" }), "update")).toContain("then refuses every run of the pool");
    expect(found(one({ type: "string", default: 5 }), "update")).toEqual([
      "warning template/default-violates-schema variables.properties.x.default",
    ]);
    expect(found(one(true), "update")).toEqual(["warning template/boolean-schema variables.properties.x"]);
    expect(found(one({ default: { $ref: "a" } }), "update")).toEqual([
      "warning template/block-reference variables.properties.x.default",
    ]);
  });

  it("the leaf of a default that is wrong", () => {
    const schema = {
      type: "object",
      properties: { y: { type: "array", items: { type: "integer" } } },
      default: { y: [1, "a"] },
    };
    expect(found(one(schema))).toEqual(["error template/default-violates-schema variables.properties.x.default.y[1]"]);
    expect(message(one(schema))).toBe("must be of type integer");
  });

  it("what a default must be, also where the server itself puts null beside the type", () => {
    expect(message(one({ properties: { y: { type: "integer" } }, default: { y: "a" } }))).toBe(
      "must be of type integer or null",
    );
    expect(message(one({ anyOf: [{ type: ["integer", "boolean"] }, { type: "null" }], default: "a" }))).toBe(
      "must be of type integer or boolean or null",
    );
    const branches = [{ type: "integer", minimum: 3 }, { type: "boolean" }];
    expect(message(one({ anyOf: branches, default: "ab" }))).toBe("fits none of the schema's `anyOf`");
  });

  it("defaults that switch `required` off, where something is required", () => {
    const required = { required: ["x"] };
    const both = (schema: unknown) => ({
      job_configuration: { command: "{{ x }}{{ y }}" },
      variables: { properties: { x: {}, y: schema }, ...required },
    });
    const warning = "warning template/default-switches-off-required variables.properties.y.default";
    expect(found(both({ type: "string", default: null }))).toEqual([warning]);
    expect(found(both({ format: "uuid", default: "a" }))).toEqual([warning]);
    expect(found(both({ anyOf: [{ type: "string" }, { type: "null" }], default: null }))).toEqual([]);
    expect(found(one({ type: "string", default: null }))).toEqual([]);
  });

  it("what makes runs fail", () => {
    expect(found(one({ $ref: "#/definitions/A" }))).toEqual([
      "warning template/unresolvable-reference variables.properties.x.$ref".replace(".$ref", '["$ref"]'),
    ]);
    expect(found(one({ allOf: [{ $ref: "#/properties/x" }] }))).toEqual([
      'warning template/circular-reference variables.properties.x.allOf[0]["$ref"]',
    ]);
    expect(found(one({}, { required: ["x", "xy"] }))).toEqual([
      "warning template/required-undeclared variables.required[1]",
    ]);
    expect(
      found({ job_configuration: { a: { $ref: null }, b: { $ref: "{{ x }}" } }, variables: { properties: { x: {} } } }),
    ).toEqual(['warning template/reference-in-configuration job_configuration.a["$ref"]']);
  });

  it("what has no effect", () => {
    const declared = (properties: object, job_configuration: object = { a: "run" }) => ({
      job_configuration,
      variables: { properties },
    });
    expect(found(declared({ x: {}, env: {} }))).toEqual(["warning template/unused-variable variables.properties.x"]);
    expect(found(declared({ "p.q": { default: 1 } }, { a: "{{ p.q }}" }))).toEqual([
      'warning template/unreachable-default variables.properties["p.q"].default',
    ]);
    expect(found(declared({ "x.80": {} }, { a: "{{ x.80 }}" }))).toEqual([
      "warning template/numeric-placeholder job_configuration.a",
    ]);
    expect(found(declared({ x: {} }, { a: { "{{ x }}": "{{ x }}" } }))).toEqual([
      'warning template/placeholder-in-key job_configuration.a["{{ x }}"]',
    ]);
    expect(found(declared({ x: {} }, { a: "{{ x }}", b: "{{\ny }}", c: "{{ é }}" }))).toEqual([
      "warning template/unchecked-placeholder job_configuration.b",
      "warning template/unchecked-placeholder job_configuration.c",
    ]);
    expect(
      found(
        declared({ x: { default: "{{ y }}" }, z: { default: "{{ prefect.variables.v }}" } }, { a: "{{ x }}{{ z }}" }),
      ),
    ).toEqual(["warning template/placeholder-in-default variables.properties.x.default"]);
    expect(found(declared({ env: { default: { A: "{{ y }}" } } }))).toEqual([
      "warning template/unchecked-placeholder variables.properties.env.default.A",
    ]);
  });

  it("settings that a worker does not know, with a similar name that it knows", () => {
    const template = { job_configuration: { comand: "run", anything: 1 }, variables: { type: "object" } };
    expect(found(template, "create", "process")).toEqual([
      "warning template/configuration-key job_configuration.comand",
    ]);
    expect(found(template, "create", "my-own-type")).toEqual([]);
  });

  it("strings that cannot be stored", () => {
    expect(found({ job_configuration: { a: ["\ud800", "a\u0000"] }, variables: { type: "object" } })).toEqual([
      "error template/lone-surrogate job_configuration.a[0]",
      "warning template/nul-character job_configuration.a[1]",
    ]);
  });
});

describe("lintTemplate and unknown leaves", () => {
  it.each([
    ["the variables", { job_configuration: { a: "{{ y }}" }, variables: UNKNOWN }],
    ["the properties", { job_configuration: { a: "{{ y }}" }, variables: { properties: UNKNOWN } }],
    ["the job configuration", { job_configuration: UNKNOWN, variables: { properties: { x: {} } } }],
    ["a text", { job_configuration: { a: UNKNOWN }, variables: { properties: { x: {} } } }],
    ["a default", one({ type: "string", default: UNKNOWN })],
    ["a schema", one(UNKNOWN)],
    ["a type", one({ type: UNKNOWN, default: 1 })],
    ["a block", one({ type: "string", default: { $ref: { block_document_id: UNKNOWN } } })],
    ["a definition", one({ $ref: "#/definitions/A", default: 1 }, { definitions: { A: UNKNOWN } })],
    ["a property that others need", one(UNKNOWN, { minProperties: 1 })],
  ])("leaves alone what depends on %s", (_, template) => {
    expect(found(template)).toEqual([]);
  });

  it("never reports an unknown leaf as a mistake, wherever it stands in a good template", () => {
    fc.assert(
      fc.property(templates, fc.nat(), (template, pick) => {
        const errors = (any: Plan) => found(any).filter((problem) => problem.startsWith("error"));
        fc.pre(errors(template as Plan).length === 0);
        const places = [...leaves(template as Plan)];
        const place = places[pick % places.length] ?? [];
        expect([place, errors(replaced(template as Plan, place))]).toEqual([place, []]);
      }),
      { numRuns: 500 },
    );
  });
});

function* leaves(value: Plan, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    yield* leaves(each as Plan, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function replaced(value: Plan, [step, ...rest]: (string | number)[]): Plan {
  if (step === undefined) return UNKNOWN;
  if (Array.isArray(value)) return value.map((each, index) => (index === step ? replaced(each, rest) : each));
  const copy: PlanObject = {};
  for (const [key, each] of Object.entries(value as PlanObject))
    setKey(copy, key, key === step ? replaced(each, rest) : each);
  return copy;
}

describe("lintTemplate, whatever the template,", () => {
  it("never throws, and gives every problem a path that exists, but for what is missing", () => {
    const anything = fc.oneof(
      templates,
      values.filter((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom("create" as const, "update" as const), (template, operation) => {
        for (const problem of lintTemplate(template as PlanObject, { operation, poolType: "docker" })) {
          expect(problem.rule).toMatch(/^template\/[a-z-]+$/);
          const parent = problem.path
            .slice(0, -1)
            .reduce<unknown>((value, step) => (value as PlanObject)[step as string], template);
          expect(typeof parent).toBe("object");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never prints a value: any leaf may be secret", () => {
    const secret = "hunter2";
    const template = {
      job_configuration: { a: `${secret} {{ y }}`, b: { $ref: secret }, c: [`{{ z }} \u0000${secret}`] },
      variables: {
        title: secret,
        required: ["q"],
        properties: {
          a: { type: "integer", default: secret },
          b: { enum: [secret], default: `${secret}2` },
          c: { const: secret, default: 1 },
          d: { pattern: secret, default: "a" },
          e: { not: { const: secret }, default: secret },
          f: { default: { $ref: secret } },
          g: { default: { $ref: { block_document_id: secret } } },
          h: { $ref: `#/${secret}` },
          i: { default: `{{ ${"x"} }} ${secret}` },
          j: { items: { enum: ["a"] }, default: [secret] },
        },
      },
    };
    for (const operation of ["create", "update"] as const) {
      const problems = lintTemplate(template, { operation });
      expect(problems.length).toBeGreaterThan(10);
      expect(JSON.stringify(problems)).not.toContain(secret);
    }
  });

  it("ends in bounded time on deep, circular and long documents", () => {
    const deep = (levels: number) => {
      let value: Plan = {};
      for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { items: value };
      return value;
    };
    const circle: PlanObject = {};
    circle.circle = circle;
    const tooDeep = /^error template\/too-deep /;
    expect(found({ job_configuration: { a: deep(10_000) }, variables: { type: "object" } })).toEqual([
      expect.stringMatching(tooDeep),
    ]);
    expect(found(one({ default: deep(10_000) }))).toEqual([expect.stringMatching(tooDeep)]);
    expect(found(one(circle))).toEqual([expect.stringMatching(tooDeep)]);
    expect(found(one({ default: deep(200) }))).toEqual([]);
    const many = Array.from({ length: 100_000 }, (_, index) => `{{ v${index} }}`);
    expect(found({ job_configuration: { many }, variables: { type: "object" } }).length).toBe(50);
    expect(found(one({ type: "string", pattern: "^(a+)+$", default: `${"a".repeat(5_000)}!` }))).toEqual([
      "warning template/not-judged variables",
    ]);
  });
});
