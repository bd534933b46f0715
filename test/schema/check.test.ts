import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CheckContext, check } from "../../schema/check.ts";
import {
  contractOf,
  contracts,
  globalConcurrencyLimit,
  queueOrder,
  tagConcurrencyLimit,
  workPool,
  workQueue,
} from "../../schema/contracts/index.ts";
import { kinds } from "../../schema/contracts/kinds.ts";
import type { ResourceContract } from "../../schema/define.ts";
import { type Plan, type PlanObject, setKey, UNKNOWN } from "../../schema/json.ts";
import { formatProblem } from "../../schema/problem.ts";

const creating: CheckContext = { operation: "create" };

function problemsOf(contract: ResourceContract, given: PlanObject, context = creating): string[] {
  return check(contract, given, context).problems.map(formatProblem);
}

const pool = { name: "etl", type: "process" };
const template = {
  job_configuration: { command: "{{ command }}" },
  variables: { properties: { command: { type: "string" } } },
};

describe("checking what a program declares", () => {
  it("accepts a resource with every field set, and keeps it as it is", () => {
    const given = {
      ...pool,
      description: "nightly",
      isPaused: false,
      concurrencyLimit: 0,
      baseJobTemplate: template,
      storageConfiguration: { bundleUploadStep: { "my.step": { Requires: "x" } } },
      adopt: "ifEqual",
      forceDelete: true,
    };
    expect(check(workPool, given, creating)).toEqual({ declared: given, problems: [] });
  });

  it("takes null for absent, at the top and in objects with fixed keys, but keeps a document's nulls", () => {
    const document = { ...template, job_configuration: { ...template.job_configuration, extra: null } };
    const given = {
      ...pool,
      description: null,
      baseJobTemplate: document,
      storageConfiguration: { bundleUploadStep: null, bundleExecutionStep: {} },
    };
    expect(check(workPool, given, creating).declared).toEqual({
      ...pool,
      baseJobTemplate: document,
      storageConfiguration: { bundleExecutionStep: {} },
    });
  });

  it("spells a UUID as the server does, so that it is no difference later", () => {
    const id = "6F9619FF-8B86-4D01-B42D-00CF4FC964FF";
    const given = { ...pool, storageConfiguration: { bundleUploadStep: { Key: id }, defaultResultStorageBlockId: id } };
    expect(check(workPool, given, creating)).toEqual({
      declared: {
        ...pool,
        storageConfiguration: { bundleUploadStep: { Key: id }, defaultResultStorageBlockId: id.toLowerCase() },
      },
      problems: [],
    });
  });

  it("fills the name in from the resource's name in the program", () => {
    const checked = check(workPool, { type: "process" }, { ...creating, resourceName: "etl" });
    expect(checked).toEqual({ declared: pool, problems: [] });
    expect(problemsOf(workPool, { type: "process" }, { ...creating, resourceName: "prefect-x" })).toHaveLength(1);
  });

  it("drops hosts' own keys and refuses unknown fields and outputs, saying which fields there are", () => {
    expect(check(workPool, { ...pool, __provider: "code" }, creating)).toEqual({ declared: pool, problems: [] });
    expect(problemsOf(workPool, { ...pool, concurrency_limit: 1 })[0]).toMatch(
      /^concurrency_limit: is not a field of WorkPool; its fields are name, type, description, .*\[unknown-field\]$/,
    );
    expect(problemsOf(workPool, { ...pool, created: "2026-01-01T00:00:00Z" })).toEqual([
      "created: is set by the server and cannot be declared [unknown-field]",
    ]);
    expect(problemsOf(workPool, { ...pool, storageConfiguration: { bundle: {} } })).toEqual([
      'storageConfiguration: has no field "bundle" [unknown-field]',
    ]);
  });

  it("reads a document given as a JSON string, and refuses a string that is none without quoting it", () => {
    const checked = check(workPool, { ...pool, baseJobTemplate: JSON.stringify(template) }, creating);
    expect(checked).toEqual({ declared: { ...pool, baseJobTemplate: template }, problems: [] });
    const [problem] = problemsOf(workPool, { ...pool, baseJobTemplate: "hunter2" });
    expect(problem).toBe(
      "baseJobTemplate: must be an object, or a string that holds one as JSON; this is not JSON [json]",
    );
    expect(problemsOf(workPool, { ...pool, baseJobTemplate: "[1]" })).toEqual([
      "baseJobTemplate: must be an object [type]",
    ]);
  });

  const refused: [string, ResourceContract, PlanObject, RegExp][] = [
    ["a missing required field", workPool, { name: "etl" }, /^type: is required \[required\]$/],
    ["a null required field", workPool, { name: "etl", type: null }, /^type: is required \[required\]$/],
    [
      "a negative limit",
      workPool,
      { ...pool, concurrencyLimit: -4 },
      /^concurrencyLimit: must be 0 or more .*\[range\]$/,
    ],
    ["a fraction of a slot", workPool, { ...pool, concurrencyLimit: 1.5 }, /^concurrencyLimit: must be a whole number/],
    ["a limit that does not fit 32 bits", workPool, { ...pool, concurrencyLimit: 2 ** 31 }, /at most 2147483647/],
    ["a wrong type", workPool, { ...pool, isPaused: "yes" }, /^isPaused: must be a boolean \[type\]$/],
    [
      "a reserved pool name",
      workPool,
      { ...pool, name: "PreFect-mine" },
      /^name: must not start with "prefect" .*\[name\/reserved\]$/,
    ],
    ["a slash in a name", workPool, { ...pool, name: "a/b" }, /^name: must not contain any of .*\[name\/characters\]$/],
    [
      "a name that is a step in a path",
      workPool,
      { ...pool, name: ".." },
      /^name: must not be \. or \.\..*\[name\/characters\]$/,
    ],
    ["a queue in a pool named like one", workQueue, { workPool: ".", name: "q" }, /^workPool: must not be \. or \.\./],
    ["a blank name", workPool, { ...pool, name: " " }, /^name: must not be empty or blank \[name\/blank\]$/],
    [
      "priority 0",
      workQueue,
      { workPool: "etl", name: "q", priority: 0 },
      /^priority: must be 1 or more: Prefect serves priority 1 first.*QueueOrder/,
    ],
    [
      "an unknown adopt policy",
      workPool,
      { ...pool, adopt: "yes" },
      /^adopt: must be one of "refuse", "ifEqual", "always" \[choice\]$/,
    ],
    [
      "a queue named twice",
      queueOrder,
      { workPool: "etl", queues: ["a", "a"] },
      /^queues: must name each queue once \[order\/duplicate\]$/,
    ],
    ["an empty order", queueOrder, { workPool: "etl", queues: [] }, /^queues: must name at least one queue/],
    ["a global limit named like a tag's", globalConcurrencyLimit, { name: "tag:db", limit: 1 }, /TagConcurrencyLimit/],
    [
      "a global limit named like a deployment's",
      globalConcurrencyLimit,
      { name: "deployment:x", limit: 1 },
      /the server manages it/,
    ],
    [
      "a global limit named like a UUID",
      globalConcurrencyLimit,
      { name: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", limit: 1 },
      /name\/misleading/,
    ],
    ["a negative decay", globalConcurrencyLimit, { name: "a", limit: 1, slotDecayPerSecond: -1 }, /must be 0 or more/],
    ["a tag with a slash", tagConcurrencyLimit, { tag: "a/b", concurrencyLimit: 1 }, /name\/characters/],
  ];

  it.each(refused)("refuses %s", (_name, contract, given, expected) => {
    const problems = problemsOf(contract, given);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it.each(["a#b", "a?b", "a b", "ü", "a.b", "...", "%".replace("%", "+")])("accepts the legal name %j", (name) => {
    expect(problemsOf(workPool, { name, type: "process" })).toEqual([]);
  });

  it("warns about a worker type with a typo", () => {
    expect(problemsOf(workPool, { name: "etl", type: "proces" })[0]).toContain('did you mean "process"');
    expect(problemsOf(workPool, { name: "etl", type: "my-own-worker" })).toEqual([]);
  });
});

describe("numbers that JSON cannot carry", () => {
  const numbers: [string, Plan][] = [
    ["an integer beyond 2^53", 2 ** 53],
    ["infinity", Number.POSITIVE_INFINITY],
    ["not a number", Number.NaN],
  ];

  it.each(numbers)("refuses %s with its path, without printing it", (_name, value) => {
    const document: PlanObject = { ...template, job_configuration: { memory: [{ bytes: value }] } };
    expect(problemsOf(workPool, { ...pool, baseJobTemplate: document })).toEqual([
      expect.stringMatching(
        /^baseJobTemplate\.job_configuration\.memory\[0\]\.bytes: is a number that does not survive JSON/,
      ),
    ]);
  });

  it("finds them in a JSON string, where parsing would change them silently", () => {
    const text = '{"job_configuration":{"n":9007199254740993},"variables":{"properties":{}}}';
    expect(problemsOf(workPool, { ...pool, baseJobTemplate: text })).toEqual([
      expect.stringMatching(/^baseJobTemplate: holds a number that does not survive JSON/),
    ]);
    expect(problemsOf(workPool, { ...pool, baseJobTemplate: '{"job_configuration":{"n":1e400}}' })).toHaveLength(1);
  });
});

describe("a document that is nested too deeply", () => {
  it("is refused at its field, however deep it is", () => {
    for (const depth of [300, 100_000]) {
      let document: Plan = {};
      for (let level = 0; level < depth; level++) document = { a: document };
      expect(problemsOf(workPool, { ...pool, baseJobTemplate: document })).toEqual([
        expect.stringMatching(/^baseJobTemplate: is nested more than 250 levels deep/),
      ]);
      const text = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
      expect(problemsOf(workPool, { ...pool, baseJobTemplate: text })).toEqual([
        expect.stringMatching(/^baseJobTemplate: is nested more than 250 levels deep/),
      ]);
    }
  });
});

describe("checking what is not known yet", () => {
  it("does not judge unknown values, at the top or inside", () => {
    const given = {
      name: UNKNOWN,
      type: "process",
      concurrencyLimit: UNKNOWN,
      baseJobTemplate: {
        job_configuration: { image: UNKNOWN, command: "{{ command }}" },
        variables: { properties: { command: {} } },
      },
      storageConfiguration: { defaultResultStorageBlockId: UNKNOWN },
    } satisfies PlanObject;
    expect(check(workPool, given, creating)).toEqual({ declared: given, problems: [] });
    expect(problemsOf(queueOrder, { workPool: UNKNOWN, queues: [UNKNOWN, "b"] })).toEqual([]);
  });

  it("still judges what stands beside them", () => {
    expect(problemsOf(queueOrder, { workPool: UNKNOWN, queues: [UNKNOWN, "a/b"] })).toEqual([
      expect.stringMatching(/^queues\[1\]: must not contain any of/),
    ]);
  });
});

describe("every contract", () => {
  it("survives any input without throwing and names a path for each problem", () => {
    const given = fc.dictionary(
      fc.constantFrom("name", "type", "workPool", "queues", "limit", "tag", "template", "zzz"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...contracts), given, (contract, values) => {
        for (const problem of check(contract, values as PlanObject, creating).problems) {
          expect(problem.path.length).toBeGreaterThan(0);
          expect(problem.message).not.toBe("");
        }
      }),
    );
  });

  it("treats __proto__ as a key like any other", () => {
    const given: PlanObject = { ...pool };
    const document: PlanObject = structuredClone(template);
    setKey(document.job_configuration as PlanObject, "constructor", { a: 1 });
    setKey(given, "baseJobTemplate", document);
    expect(check(workPool, given, creating).declared.baseJobTemplate).toEqual(document);
  });

  it("is found by its kind, and an unknown kind says what may be wrong", () => {
    expect(kinds.map((kind) => contractOf(kind).kind)).toEqual(kinds);
    expect(contracts.map(({ kind }) => kind)).toEqual(kinds);
    expect(() => contractOf("Nope")).toThrow("Nope");
  });
});
