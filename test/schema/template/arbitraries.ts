import fc from "fast-check";

/** Documents of the kind that users write into templates by mistake as well as on purpose: small schemas over all keywords, now
 *  and then with a value where a schema belongs. */

export type Document = { [key: string]: unknown };

const names = fc.constantFrom(
  "a",
  "b",
  "x",
  "env",
  "p.q",
  "required",
  "properties",
  "type",
  "__proto__",
  "é",
  "odd key",
  "constructor",
);
const patterns = fc.constantFrom(
  "^a",
  "a$",
  "^\\d+$",
  "(?P<n>a)",
  "(?<n>a)",
  "[",
  "a++",
  "\\w",
  "^$",
  "",
  "(?i)A",
  "\\z",
  "a|b",
);
const references = fc.constantFrom(
  "#/definitions/A",
  "#/definitions/B",
  "#/$defs/C",
  "#",
  "#/nope",
  "#anchor",
  "https://json-schema.org/draft/2020-12/schema",
  "#/properties/a",
  "#/properties/x/default",
  "https://example.org/y",
  "sub",
  "#/definitions/A/properties/a",
);
const texts = fc.constantFrom(
  "",
  "a",
  "b",
  "abc",
  "2020-01-01",
  "é",
  "a\n",
  "'",
  "a@b",
  "1.2.3.4",
  "123e4567-e89b-12d3-a456-426614174000",
  "😀",
);
const numbers = fc.constantFrom(-1, 0, 1, 2, 3, 1.5, 0.1, -0.5, 1e16, 1e-7);
const types = fc.constantFrom("string", "integer", "number", "boolean", "object", "array", "null");

/** An object with at most `most` of the names. A plain record would lose `__proto__`. */
function objectOf(value: fc.Arbitrary<unknown>, most: number): fc.Arbitrary<Document> {
  return fc
    .uniqueArray(fc.tuple(names, value), { maxLength: most, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));
}

const { value: anyValue, schema: anySchema } = fc.letrec<{ value: unknown; schema: unknown; place: unknown }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { arbitrary: fc.oneof(texts, numbers, fc.constantFrom(null, true, false)), weight: 6 },
      { arbitrary: fc.array(tie("value"), { maxLength: 3 }), weight: 1 },
      { arbitrary: objectOf(tie("value"), 3), weight: 1 },
    ),
    /** What stands where a schema belongs. */
    place: fc.oneof(
      { arbitrary: tie("schema"), weight: 30 },
      { arbitrary: fc.boolean(), weight: 2 },
      { arbitrary: tie("value"), weight: 1 },
    ),
    schema: fc
      .uniqueArray(
        fc.oneof(
          { depthSize: "small" },
          ...(
            [
              [
                8,
                "type",
                fc.oneof({ arbitrary: types, weight: 9 }, { arbitrary: fc.array(types, { maxLength: 2 }), weight: 1 }),
              ],
              [2, "default", tie("value")],
              [1, "enum", fc.array(tie("value"), { maxLength: 3 })],
              [1, "const", tie("value")],
              [1, "minimum", numbers],
              [1, "maximum", numbers],
              [1, "exclusiveMinimum", numbers],
              [1, "multipleOf", fc.constantFrom(1, 2, 0.1, 0.5)],
              [1, "minLength", fc.nat(3)],
              [1, "maxLength", fc.nat(2)],
              [1, "pattern", patterns],
              [1, "format", fc.constantFrom("date", "uuid", "email", "regex", "ipv4", "ipv6", "password", "date-time")],
              [1, "minItems", fc.nat(2)],
              [1, "uniqueItems", fc.boolean()],
              [1, "maxProperties", fc.nat(2)],
              [2, "required", fc.array(names, { maxLength: 2 })],
              [1, "dependentRequired", objectOf(fc.array(names, { maxLength: 1 }), 1)],
              [1, "$anchor", fc.constant("anchor")],
              [1, "$id", fc.constantFrom("sub", "https://example.org/s")],
              [2, "$ref", references],
              [5, "properties", objectOf(tie("place"), 3)],
              [1, "patternProperties", objectOf(tie("place"), 1)],
              [1, "additionalProperties", tie("place")],
              [1, "unevaluatedProperties", tie("place")],
              [1, "propertyNames", tie("place")],
              [
                2,
                "items",
                fc.oneof({ arbitrary: tie("place"), weight: 9 }, { arbitrary: fc.tuple(tie("place")), weight: 1 }),
              ],
              [1, "prefixItems", fc.array(tie("place"), { minLength: 1, maxLength: 2 })],
              [1, "contains", tie("place")],
              [1, "allOf", fc.array(tie("place"), { minLength: 1, maxLength: 2 })],
              [1, "anyOf", fc.array(tie("place"), { minLength: 1, maxLength: 2 })],
              [1, "oneOf", fc.array(tie("place"), { minLength: 1, maxLength: 2 })],
              [1, "not", tie("place")],
              [1, "if", tie("place")],
              [1, "then", tie("place")],
              [1, "else", tie("place")],
              [1, "dependentSchemas", objectOf(tie("place"), 1)],
              [1, "$defs", fc.record({ C: tie("place") })],
              [1, "definitions", fc.record({ A: tie("place"), B: tie("schema").map(asBlock) })],
            ] as [number, string, fc.Arbitrary<unknown>][]
          ).map(([weight, keyword, arbitrary]) => ({ weight, arbitrary: fc.tuple(fc.constant(keyword), arbitrary) })),
        ),
        { maxLength: 3, selector: ([keyword]) => keyword },
      )
      .map((entries) => Object.fromEntries(entries)),
  }),
);

function asBlock(schema: unknown): Document {
  return { title: "B", block_type_slug: "b", ...(schema as Document) };
}

export const values: fc.Arbitrary<unknown> = anyValue;
export const schemas: fc.Arbitrary<unknown> = anySchema;
export const variableSets: fc.Arbitrary<Document> = objectOf(anyValue, 3);

const withDefault = fc
  .tuple(anySchema, fc.option(anyValue, { nil: undefined }))
  .map(([schema, given]) => (given === undefined ? schema : { ...(schema as Document), default: given }));

const declarations = fc
  .tuple(
    objectOf(withDefault, 3),
    fc.array(names, { maxLength: 2 }),
    fc.oneof({ arbitrary: fc.constant({}), weight: 2 }, anySchema),
  )
  .map(
    ([properties, required, more]): Document => ({
      type: "object",
      required: [...new Set(required)],
      ...(more as Document),
      properties,
    }),
  );

const configurationTexts = fc.oneof(
  names.map((name) => `{{ ${name} }}`),
  names.map((name) => `-{{${name}}}-{{ x }}`),
  names.map((name) => `{{ \n${name} }}`),
  fc.constantFrom("plain", "{{ }}", "{ a }}", "{{{ a }}}"),
);

/** Whole templates: two thirds of them use what they declare. */
export const templates: fc.Arbitrary<Document> = fc
  .tuple(
    declarations,
    fc.oneof(
      { arbitrary: fc.constant(undefined), weight: 2 },
      {
        arbitrary: objectOf(
          fc.oneof(
            configurationTexts,
            objectOf(configurationTexts, 2),
            fc.array(configurationTexts, { maxLength: 2 }),
            anyValue,
          ),
          3,
        ),
        weight: 1,
      },
    ),
  )
  .map(([variables, configuration]) => {
    const used = Object.keys((variables.properties ?? {}) as Document);
    return {
      job_configuration: configuration ?? { command: used.map((name) => `{{ ${name} }}`).join("") || "run" },
      variables,
    };
  });
