import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equal, hasUnknown, type Json, known, type Plan, setKey, UNKNOWN } from "../../schema/json.ts";
import { formatPath, leafChanges, type Path } from "../../schema/path.ts";

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

describe("equality of JSON values", () => {
  it("ignores key order and number spelling, but not array order", () => {
    expect(equal({ a: 1, b: [1, 2] }, JSON.parse('{"b":[1.0,2],"a":1e0}'))).toBe(true);
    expect(equal([1, 2], [2, 1])).toBe(false);
    expect(equal({ a: null }, {})).toBe(false);
    expect(equal({}, [])).toBe(false);
  });

  it("treats a key set to undefined as absent", () => {
    expect(equal({ a: 1, b: undefined as unknown as Json }, { a: 1 })).toBe(true);
  });

  it("never calls an unknown equal, not even to itself", () => {
    expect(equal(UNKNOWN, UNKNOWN)).toBe(false);
    expect(equal({ a: [UNKNOWN] }, { a: [UNKNOWN] })).toBe(false);
  });

  it("does not mistake inherited properties for keys", () => {
    const tricky: { [key: string]: Json } = {};
    setKey(tricky, "__proto__", { a: 1 });
    expect(equal(tricky, {})).toBe(false);
    expect(equal({ toString: 1 }, {})).toBe(false);
    expect(Object.getPrototypeOf(tricky)).toBe(Object.prototype);
  });

  it("holds for every value and its copy", () => {
    fc.assert(fc.property(json, (value) => equal(value, structuredClone(value))));
  });
});

describe("unknown values", () => {
  it("are found at any depth and refused where all must be known", () => {
    expect(hasUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: null }] })).toBe(false);
    expect(() => known([UNKNOWN])).toThrow("unknown value");
  });
});

describe("leaf changes", () => {
  it("name the leaf that differs and nothing around it", () => {
    const before = {
      variables: { properties: { image: { default: "python:3", type: "string" } } },
      list: [1, { a: 1 }],
    };
    const after = {
      variables: { properties: { image: { default: "python:4", type: "string" } } },
      list: [1, { a: 2 }, 3],
    };
    expect(leafChanges(before, after)).toEqual([
      { path: ["variables", "properties", "image", "default"], kind: "update" },
      { path: ["list", 1, "a"], kind: "update" },
      { path: ["list", 2], kind: "add" },
    ]);
  });

  it("are none exactly when the values are equal", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(leafChanges(a, b).length === 0).toBe(equal(a, b));
        expect(leafChanges(a, a)).toEqual([]);
      }),
    );
  });

  it("lead to the new value when they are applied to the old one", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        let result: Plan | undefined = structuredClone(before);
        const changes = leafChanges(before, after);
        for (const change of changes.filter(({ kind }) => kind !== "delete")) {
          result = put(result, change.path, at(after, change.path) as Json);
        }
        // From the back, so that array indexes stay right.
        for (const change of changes.filter(({ kind }) => kind === "delete").reverse())
          result = drop(result, change.path);
        expect(equal(result, after)).toBe(true);
      }),
    );
  });
});

describe("the spelling of a path", () => {
  it("is Pulumi's", () => {
    expect(formatPath(["a", "b", 0, "odd.key", "x"])).toBe('a.b[0]["odd.key"].x');
    expect(formatPath([])).toBe("");
    expect(formatPath(["odd key"])).toBe('["odd key"]');
  });
});

function at(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (node, step) => (node as { [key: string]: Json } | undefined)?.[step as string],
    value,
  );
}

function put(value: Plan | undefined, path: Path, leaf: Json): Plan {
  const [step, ...rest] = path;
  if (step === undefined) return leaf;
  const node = value as { [key: string]: Plan };
  setKey(node, String(step), put(Object.hasOwn(node, step) ? node[String(step)] : undefined, rest, leaf));
  return node;
}

function drop(value: Plan | undefined, path: Path): Plan | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (rest.length === 0) {
    if (Array.isArray(value)) value.splice(Number(step), 1);
    else delete (value as { [key: string]: Plan })[String(step)];
    return value;
  }
  drop((value as { [key: string]: Plan })[String(step)], rest);
  return value;
}
