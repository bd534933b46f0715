import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlanObject } from "../../../../schema/json.ts";
import { validateAgainst, validateSchema } from "../../../../schema/template/validation/schema-validator.ts";
import { schemas, values } from "../arbitraries.ts";

describe("validateAgainst", () => {
  const schema = {
    type: "object",
    required: ["name"],
    properties: {
      name: { type: "string" },
      count: { type: "integer", default: 1 },
      pair: { type: "array", items: [{ type: "string" }] },
    },
  };

  it.each([
    [{ name: "a", count: 2 }, undefined],
    [{}, "Validation failed. Failure reason: 'name' is a required property"],
    [{ name: null }, "Validation failed for field 'name'. Failure reason: None is not of type 'string'"],
    [{ name: "a", count: null }, "Validation failed for field 'count'. Failure reason: None is not of type 'integer'"],
    [{ name: "a", pair: ["a", 1] }, undefined],
    [{ name: "a", pair: [1] }, "Validation failed for field 'pair[0]'. Failure reason: 1 is not of type 'string'"],
    [{ name: "a", pair: null }, undefined],
  ])("validates parameters %j as Prefect's schema tools do", (parameters, detail) => {
    expect(validateAgainst(schema, parameters, { enforceRequired: true }).problems[0]?.detail).toBe(detail);
  });

  it("says what is wrong with the schema itself", () => {
    const rules = (any: PlanObject | boolean) =>
      validateAgainst(any, { x: 1 }, { enforceRequired: true }).problems.map(({ rule }) => rule);
    expect(rules({ properties: { x: { type: "strnig" } } })).toEqual(["schema/invalid"]);
    expect(rules({ properties: { x: true } })).toEqual(["schema/boolean"]);
    expect(rules({ definitions: { A: { block_type_slug: "a" } } })).toEqual(["schema/block-without-title"]);
    expect(rules({ properties: { x: { $ref: "#/properties/x" } } })).toEqual(["schema/circular"]);
    expect(rules({ properties: { x: { $ref: "#/nowhere" } } })).toEqual(["schema/unresolvable-reference"]);
    expect(rules({ properties: { x: { $ref: "#/title" } }, title: "a" })).toEqual(["schema/crash"]);
    expect(rules(true)).toEqual(["schema/boolean"]);
    expect(rules({})).toEqual([]);
  });

  it("never throws, whatever schema and values", () => {
    fc.assert(
      fc.property(fc.oneof(schemas, values), values, fc.boolean(), (schema, any, enforceRequired) => {
        expect(validateAgainst(schema as PlanObject, any as PlanObject, { enforceRequired })).toHaveProperty(
          "conclusive",
        );
        expect(validateSchema(schema as PlanObject)).toHaveProperty("conclusive");
      }),
    );
  });
});
