import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Plan, UNKNOWN } from "../../../../schema/json.ts";
import { evaluate, Run } from "../../../../schema/template/json-schema/evaluate.ts";
import { hasFormat } from "../../../../schema/template/json-schema/formats.ts";
import { reprNumber, reprString } from "../../../../schema/template/json-schema/python-text.ts";
import { checkSchema } from "../../../../schema/template/json-schema/validate.ts";
import { type Document, schemas, values } from "../arbitraries.ts";

const validity = (schema: unknown, value: unknown) => {
  const { violations, unsure, stopped } = evaluate(value as Plan, new Run(schema as Plan, { formats: false }));
  if (stopped !== undefined) return stopped.reason;
  return violations.length > 0 ? "invalid" : unsure ? "unsure" : "valid";
};

/** ajv, an implementation by others, as a second opinion where Python and JavaScript must agree. */
describe("the evaluator and ajv", () => {
  /** ajv looks at references before it validates; patterns differ between the languages. */
  const apart = new Set([
    "$ref",
    "$id",
    "$anchor",
    "$schema",
    "pattern",
    "patternProperties",
    "format",
    "propertyNames",
  ]);

  const comparable = (schema: unknown): boolean => {
    if (typeof schema !== "object" || schema === null) return true;
    const { enum: choices, required, contains } = schema as { enum?: unknown; required?: unknown; contains?: unknown };
    // ajv does not compile an empty enum, trips over `__proto__` in a list of names, and takes `contains: {}` for no demand at all.
    if (Array.isArray(choices) && choices.length === 0) return false;
    if (Array.isArray(required) && required.includes("__proto__")) return false;
    if (contains !== undefined && JSON.stringify(contains).length < 5) return false;
    return Object.entries(schema).every(([key, value]) => !apart.has(key) && key !== "__proto__" && comparable(value));
  };

  const ajv = () => new Ajv2020({ strict: false, validateSchema: false, logger: false, ownProperties: true });

  it("agree on which schemas are valid", () => {
    const judge = ajv();
    fc.assert(
      fc.property(schemas.filter(comparable), (schema) => {
        expect(checkSchema(schema as Plan).violations.length === 0).toBe(judge.validateSchema(schema as Document));
      }),
      { numRuns: 400 },
    );
  });

  it("agree on which values are valid", () => {
    fc.assert(
      fc.property(schemas.filter(comparable), fc.array(values, { minLength: 1, maxLength: 5 }), (schema, several) => {
        fc.pre(checkSchema(schema as Plan).violations.length === 0);
        const validate = ajv().compile(schema as Document);
        for (const value of several)
          expect([value, validity(schema, value)]).toEqual([value, validate(value) ? "valid" : "invalid"]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("the evaluator", () => {
  it("does not judge what depends on an unknown, and judges the rest", () => {
    expect(validity({ type: "string" }, UNKNOWN)).toBe("unsure");
    expect(validity({}, UNKNOWN)).toBe("valid");
    expect(validity(false, UNKNOWN)).toBe("invalid");
    expect(validity({ type: UNKNOWN }, "a")).toBe("unsure");
    expect(validity({ type: ["string", UNKNOWN] }, "a")).toBe("valid");
    expect(validity({ type: ["string", UNKNOWN] }, 1)).toBe("unsure");
    expect(validity({ enum: ["a", UNKNOWN] }, "a")).toBe("valid");
    expect(validity({ const: { a: 1, b: UNKNOWN } }, { a: 2, b: 1 })).toBe("invalid");
    expect(validity({ const: { a: 1, b: UNKNOWN } }, { a: 1, b: 1 })).toBe("unsure");
    expect(validity({ anyOf: [{ type: "string" }, UNKNOWN] }, "a")).toBe("valid");
    expect(validity({ anyOf: [{ type: "string" }, UNKNOWN] }, 1)).toBe("unsure");
    expect(validity({ not: UNKNOWN }, 1)).toBe("unsure");
    expect(validity({ uniqueItems: true }, [1, 1, UNKNOWN])).toBe("invalid");
    expect(validity({ uniqueItems: true }, [1, UNKNOWN])).toBe("unsure");
    expect(validity({ contains: { type: "string" } }, [1, UNKNOWN])).toBe("unsure");
    expect(validity({ required: ["a", UNKNOWN] }, { b: 1 })).toBe("invalid");
    expect(validity({ $ref: "#/$defs/A/properties/b", $defs: { A: UNKNOWN } }, 1)).toBe("unsure");
  });

  it("ends where Python's stack ends, and not before", () => {
    const nested = (levels: number) => {
      let schema: Document = { type: "null" };
      for (let level = 0; level < levels; level++) schema = { allOf: [schema] };
      return schema;
    };
    expect(validity(nested(200), 1)).toBe("invalid");
    expect(validity({ $ref: "#" }, 1)).toBe("circular");
    expect(validity({ properties: { a: { $ref: "#" } } }, { a: { a: {} } })).toBe("valid");
  });

  it("gives up on a schema that grows without bounds", () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `d${index}`,
        { anyOf: [{ $ref: `#/definitions/d${index + 1}` }, { $ref: `#/definitions/d${index + 1}` }] },
      ]),
    );
    expect(validity({ $ref: "#/definitions/d0", definitions: { ...definitions, d40: false } }, 1)).toBe("unsure");
  });

  it.each([
    ["uuid", "123e4567-e89b-12d3-a456-426614174000", true],
    ["uuid", "123e4567e89b12d3a456426614174000", false],
    ["date", "2024-02-29", true],
    ["date", "2023-02-29", false],
    ["date-time", "2024-01-01t00:00:00z", true],
    ["date-time", "2024-01-01T00:00:60Z", false],
    ["date-time", "2024-01-01T00:00:00", false],
    ["ipv4", "1.2.3.4", true],
    ["ipv4", "1.2.3.04", false],
    ["ipv6", "::1", true],
    ["ipv6", "1:2:3:4:5:6:7:8", true],
    ["ipv6", "1::2::3", false],
    ["ipv6", "::ffff:1.2.3.4", true],
    ["ipv6", "fe80::1%eth0", false],
    ["email", "a@b", true],
    ["regex", "(?<n>a)", false],
    ["json-pointer", "/a~2", false],
    ["relative-json-pointer", "1#", true],
    ["hostname", "-", undefined],
    ["uri", "", undefined],
    ["password", "", undefined],
  ])("knows the format %s as a server does: %s is %s", (format, text, valid) => {
    expect(hasFormat(format, text)).toBe(valid);
  });
});

describe("Python's spelling", () => {
  it("of texts", () => {
    expect(["a", "it's", `"`, `'"`, "\n\t\\", "é😀", "\u0000\u007f\u00a0\u200b", "\ud800"].map(reprString)).toEqual([
      "'a'",
      `"it's"`,
      `'"'`,
      `'\\'"'`,
      "'\\n\\t\\\\'",
      "'é😀'",
      "'\\x00\\x7f\\xa0\\u200b'",
      "'\\ud800'",
    ]);
  });

  it("of numbers", () => {
    expect([1, -0.5, 1e-7, 1.5e-5, 1e16, 123456789.25, 1e21].map(reprNumber)).toEqual([
      "1",
      "-0.5",
      "1e-07",
      "1.5e-05",
      "10000000000000000",
      "123456789.25",
      "1e+21",
    ]);
  });
});
