import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineResource, field } from "../../../schema/define.ts";
import { emitPulumiSchema } from "../../../schema/emit/pulumi.ts";
import { definition, metadata } from "./package-definition.ts";

interface Spec {
  [key: string]: unknown;
  properties: Record<string, Record<string, unknown>>;
  inputProperties: Record<string, Record<string, unknown>>;
  required: string[];
  requiredInputs: string[];
}

const schema = emitPulumiSchema(definition, metadata) as unknown as {
  [key: string]: unknown;
  resources: Record<string, Spec>;
  types: Record<string, unknown>;
  functions: Record<string, { inputs: Spec; outputs: Spec }>;
  config: { variables: Record<string, Record<string, unknown>> };
  provider: Spec;
};

const resource = (kind: string) => schema.resources[`prefect:index:${kind}`] as Spec;

describe("the Pulumi schema", () => {
  it("carries the version of the package, which is the plugin's", () => {
    expect([schema.name, schema.version]).toEqual(["prefect", "1.2.3"]);
  });

  it("is the same text for the same contracts", () => {
    expect(JSON.stringify(emitPulumiSchema(definition, metadata))).toBe(JSON.stringify(schema));
  });

  it("lets every kind take over from the dynamic provider", () => {
    for (const { kind } of definition.contracts) {
      expect(resource(kind).aliases).toEqual([{ type: `pulumi-nodejs:dynamic/prefect:${kind}` }]);
    }
  });

  it("asks only for what has no default", () => {
    expect(
      Object.fromEntries(definition.contracts.map(({ kind }) => [kind, resource(kind).requiredInputs])),
    ).toMatchObject({
      WorkPool: ["type"],
      WorkQueue: ["workPool"],
      QueueOrder: ["workPool", "queues"],
      BaseJobTemplate: ["workPool", "template"],
      GlobalConcurrencyLimit: ["limit"],
      TagConcurrencyLimit: ["concurrencyLimit"],
    });
  });

  it("promises as outputs what always is there, a name that was not declared included", () => {
    expect(resource("WorkPool").required).toEqual(["name", "type", "workPoolId", "defaultQueueId", "created"]);
    expect(resource("BaseJobTemplate").required).toEqual(["workPool", "template", "workPoolId"]);
  });

  it("has what is declared as inputs, and that with what the server knows as outputs", () => {
    for (const { kind, fields, directives, outputs } of definition.contracts) {
      const declared = [...Object.keys(fields), ...Object.keys(directives)];
      expect(Object.keys(resource(kind).inputProperties)).toEqual(declared);
      expect(Object.keys(resource(kind).properties)).toEqual([...declared, ...Object.keys(outputs)]);
    }
  });

  it("marks what is born secret, and nothing else", () => {
    const secrets = (properties: Record<string, Record<string, unknown>>) =>
      Object.keys(properties).filter((name) => properties[name]?.secret === true);
    expect(definition.contracts.flatMap(({ kind }) => secrets(resource(kind).properties))).toEqual([
      "previousTemplate",
    ]);
    expect(definition.contracts.flatMap(({ kind }) => secrets(resource(kind).inputProperties))).toEqual([]);
    const credentials = ["apiKey", "authString", "customHeaders"];
    expect(secrets(schema.config.variables)).toEqual(credentials);
    expect(secrets(schema.provider.inputProperties)).toEqual(credentials);
  });

  it("takes a document as an object or as text, and gives it back as an object", () => {
    const anyObject = { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };
    expect(resource("WorkPool").inputProperties.baseJobTemplate).toMatchObject({
      oneOf: [anyObject, { type: "string" }],
    });
    expect(resource("WorkPool").properties.baseJobTemplate).toMatchObject(anyObject);
  });

  it("defines every type it refers to", () => {
    const referred = [...JSON.stringify(schema).matchAll(/#\/types\/([^"]+)/g)].map((match) => match[1]);
    expect([...new Set(referred)].sort()).toEqual(Object.keys(schema.types).sort());
  });

  it("says in the text of a field what a change and a deleted line do", () => {
    expect(resource("WorkPool").inputProperties.description?.description).toBe(
      "What the pool is for.\nDefault on the server: none.\nDeleting the line clears it on the server.",
    );
    expect(resource("WorkPool").inputProperties.name?.description).toContain("A change replaces the object.");
    expect(resource("WorkQueue").inputProperties.name?.description).not.toContain("replaces");
  });

  it("refuses two different types that would get one name", () => {
    const nested = (text: string) => z.strictObject({ key: z.string().describe(text) });
    const kind = (name: string, property: string, type: z.ZodType) =>
      defineResource({
        kind: name,
        doc: "",
        importId: "",
        naturalKey: [],
        fields: { [property]: field(type, { doc: "", removed: "keep", serverDefault: { value: {} } }) },
      });
    const contracts = [kind("A", "bThing", nested("one")), kind("AB", "thing", nested("another"))];
    expect(() => emitPulumiSchema({ ...definition, contracts }, metadata)).toThrow("ABThing");
  });
});
