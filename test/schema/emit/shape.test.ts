import { describe, expect, it } from "vitest";
import { z } from "zod";
import { document, limit, poolName, timestamp, uuid } from "../../../schema/contracts/types.ts";
import { kebabCase, shapeOf } from "../../../schema/emit/shape.ts";

describe("the shape of a type", () => {
  it.each([
    ["text", poolName, { kind: "string" }],
    ["a UUID", uuid, { kind: "string", format: "uuid" }],
    ["a time", timestamp, { kind: "string", format: "date-time" }],
    ["a whole number between bounds", limit, { kind: "integer", minimum: 0, maximum: 2_147_483_647 }],
    ["a whole number without bounds", z.int(), { kind: "integer" }],
    ["a number above a bound", z.number().positive(), { kind: "number", exclusiveMinimum: 0 }],
    ["a yes or no", z.boolean().optional(), { kind: "boolean" }],
    ["a list", z.array(z.string()).min(1), { kind: "array", items: { kind: "string" } }],
    ["a map", z.record(z.string(), z.boolean()), { kind: "map", values: { kind: "boolean" } }],
    ["a user's document", document, { kind: "document" }],
    ["a choice", z.enum(["a", "b"]), { kind: "enum", name: "OwnerThing", values: ["a", "b"] }],
  ])("of %s", (_what, type, shape) => {
    expect(shapeOf(type, "OwnerThing")).toEqual(shape);
  });

  it("names a choice after the type's own id, wherever it is used", () => {
    const policy = z.enum(["x"]).meta({ id: "ShapeTestPolicy" });
    const named = { kind: "enum", name: "ShapeTestPolicy", values: ["x"] };
    expect(shapeOf(policy, "OwnerThing")).toEqual(named);
    expect(shapeOf(z.record(z.string(), policy), "OwnerThing")).toEqual({ kind: "map", values: named });
  });

  it("keeps the texts and the order of an object's keys, and names what is inside after the way to it", () => {
    const type = z.strictObject({
      step: document.optional().describe("A step."),
      mode: z.enum(["on", "off"]).describe("A mode."),
    });
    expect(shapeOf(type, "OwnerThing")).toEqual({
      kind: "object",
      name: "OwnerThing",
      properties: [
        { name: "step", doc: "A step.", required: false, shape: { kind: "document" } },
        {
          name: "mode",
          doc: "A mode.",
          required: true,
          shape: { kind: "enum", name: "OwnerThingMode", values: ["on", "off"] },
        },
      ],
    });
  });

  it.each([
    ["a choice of types", z.union([z.string(), z.number()])],
    ["numbers to choose from", z.literal([1, 2])],
    ["any JSON that nobody declared to be a document", z.record(z.string(), z.unknown())],
    ["a pair", z.tuple([z.string(), z.string()])],
    ["a key without a text", z.strictObject({ key: z.string() })],
    ["a date, which is not JSON", z.date()],
  ])("of %s is refused", (_what, type) => {
    expect(() => shapeOf(type, "OwnerThing")).toThrow();
  });
});

it("kebab case puts a dash before each later capital", () => {
  expect(["WorkPool", "getWorkPool", "Provider"].map(kebabCase)).toEqual(["work-pool", "get-work-pool", "provider"]);
});
