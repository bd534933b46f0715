/** Templates with the verdict of a real Prefect 3.8.4: whether it takes them in a POST and in a PATCH. A 500 is a refusal. */
export interface TemplateCase {
  about: string;
  template: { [key: string]: unknown };
  create: "taken" | "refused";
  update: "taken" | "refused";
}

const command = { command: "{{ x }}" };
const plain = { command: "run" };

/** A template with one variable. */
const one = (schema: unknown, more: object = {}) => ({
  job_configuration: command,
  variables: { type: "object", properties: { x: schema }, ...more },
});

const variables = (schema: unknown) => ({ job_configuration: plain, variables: schema });
const configuration = (value: unknown) => ({
  job_configuration: value,
  variables: { type: "object", properties: { x: {} } },
});

const taken = { create: "taken", update: "taken" } as const;
const refused = { create: "refused", update: "refused" } as const;
const refusedOnCreate = { create: "refused", update: "taken" } as const;

export const templateCases: TemplateCase[] = [
  { about: "an empty template", template: {}, ...taken },
  { about: "no variables", template: { job_configuration: plain }, ...refused },
  { about: "no job configuration", template: { variables: { type: "object" } }, ...refused },
  {
    about: "an empty job configuration",
    template: { job_configuration: {}, variables: { type: "object" } },
    ...refused,
  },
  { about: "empty variables", template: variables({}), ...refused },
  { about: "null for variables", template: variables(null), ...refused },
  { about: "a list for variables", template: variables([1]), ...refused },
  { about: "true for variables", template: variables(true), ...refused },
  { about: "a text for the job configuration", template: configuration("run"), ...refused },
  { about: "a list for the job configuration", template: configuration(["run"]), ...refused },
  { about: "null for properties", template: variables({ properties: null }), ...refused },
  { about: "a list for properties", template: variables({ properties: [] }), ...refused },
  { about: "other keys beside the two parts", template: { ...configuration(plain), note: 1 }, ...taken },

  { about: "a declared placeholder", template: configuration(command), ...taken },
  { about: "an undeclared placeholder", template: configuration({ a: "{{ y }}" }), ...refused },
  { about: "one deep inside", template: configuration({ a: [{ b: [1, "-{{y}}-"] }] }), ...refused },
  { about: "one in a nested key", template: configuration({ a: { "{{ y }}": 1 } }), ...refused },
  { about: "one in a key at the top", template: configuration({ "{{ y }}": 1 }), ...taken },
  { about: "a part of a declared variable", template: configuration({ a: "{{ x.y }}" }), ...refused },
  { about: "an element of a declared variable", template: configuration({ a: "{{ x[0] }}" }), ...refused },
  { about: "a Prefect variable", template: configuration({ a: "{{ prefect.variables.v }}" }), ...refused },
  { about: "an environment variable", template: configuration({ a: "{{ $HOME }}" }), ...refused },
  { about: "blank space other than spaces", template: configuration({ a: "{{ \ty\n }}" }), ...taken },
  { about: "letters outside of ASCII", template: configuration({ a: "{{ é }}" }), ...taken },
  {
    about: "text that only looks like a placeholder",
    template: configuration({ a: "{{ y z }} {{}} { y }} {{ y|z }}" }),
    ...taken,
  },
  { about: "three braces", template: configuration({ a: "{{{ y }}}" }), ...refused },
  {
    about: "a property called like an object's own method",
    template: configuration({ a: "{{ constructor }}" }),
    ...refused,
  },
  {
    about: "a property called __proto__",
    template: JSON.parse(
      '{"job_configuration":{"a":"{{ __proto__ }}"},"variables":{"properties":{"__proto__":{"type":"string"}}}}',
    ),
    ...taken,
  },
  {
    about: "a wrong default of a property called __proto__",
    template: JSON.parse(
      '{"job_configuration":{"a":"{{ __proto__ }}"},"variables":{"properties":{"__proto__":{"type":"string","default":5}}}}',
    ),
    ...refusedOnCreate,
  },
  { about: "a lone surrogate", template: configuration({ a: "\ud800" }), ...refused },
  { about: "a lone surrogate in a key", template: configuration({ a: { "\udc00": 1 } }), ...refused },

  { about: "a type that does not exist", template: one({ type: "strnig" }), ...refusedOnCreate },
  { about: "a negative minLength", template: one({ minLength: -1 }), ...refusedOnCreate },
  { about: "an enum that is no list", template: one({ enum: "a" }), ...refusedOnCreate },
  { about: "a list for items", template: one({ items: [{}] }), ...refusedOnCreate },
  { about: "required twice the same", template: one({}, { required: ["x", "x"] }), ...refusedOnCreate },
  { about: "a boolean property", template: one(true), ...refusedOnCreate },
  { about: "a boolean in a nested property", template: one({ properties: { y: false } }), ...refusedOnCreate },
  { about: "a boolean elsewhere", template: one({ items: true, additionalProperties: false }), ...taken },
  { about: "a boolean under definitions", template: one({}, { definitions: { A: true } }), ...refusedOnCreate },
  { about: "a boolean under $defs", template: one({}, { $defs: { A: true } }), ...taken },
  {
    about: "a block without title",
    template: one({}, { definitions: { A: { block_type_slug: "a" } } }),
    ...refusedOnCreate,
  },
  { about: "a block", template: one({}, { definitions: { A: { block_type_slug: "a", title: "A" } } }), ...taken },
  { about: "an anchor with a space", template: one({ $anchor: "a b" }), ...refusedOnCreate },

  ...["(?<n>a)", "\\p{L}", "\\z", "[^]", "\\u{61}", "a**", "(?<=a+)b", "\\1(a)", "[z-a]", "(?P=n)", "a{3,1}"].map(
    (pattern): TemplateCase => ({ about: `the pattern ${pattern}`, template: one({ pattern }), ...refusedOnCreate }),
  ),
  ...[
    "(?P<n>a)",
    "a++",
    "(?>a)b",
    "(?i)a",
    "(?i:a)",
    "\\Z",
    "[]a]",
    "a{,3}",
    "{",
    "(?(1)a|b)()",
    "(?#c)a",
    "\\u0061",
  ].map((pattern): TemplateCase => ({ about: `the pattern ${pattern}`, template: one({ pattern }), ...taken })),
  { about: "a default that a pattern refuses", template: one({ pattern: "^a$", default: "b" }), ...refusedOnCreate },
  { about: "a newline at the end, before $", template: one({ pattern: "^a$", default: "a\n" }), ...taken },
  { about: "digits of other scripts", template: one({ pattern: "^\\d$", default: "٣" }), ...taken },

  { about: "a default of the wrong type", template: one({ type: "integer", default: "a" }), ...refusedOnCreate },
  { about: "a whole float for an integer", template: one({ type: "integer", default: 1.0 }), ...taken },
  { about: "a default outside of enum", template: one({ enum: ["a"], default: "b" }), ...refusedOnCreate },
  { about: "a default below the minimum", template: one({ minimum: 2, default: 1 }), ...refusedOnCreate },
  { about: "a default that is no multiple", template: one({ multipleOf: 0.5, default: 0.7 }), ...refusedOnCreate },
  { about: "a default of a bad format", template: one({ type: "string", format: "uuid", default: "a" }), ...taken },
  { about: "null as default of a plain type", template: one({ type: "string", default: null }), ...taken },
  {
    about: "null as default, with enum",
    template: one({ type: "string", enum: ["a"], default: null }),
    ...refusedOnCreate,
  },
  { about: "null as default, with const", template: one({ const: 1, default: null }), ...refusedOnCreate },
  {
    about: "null as default of a required variable",
    template: one({ type: "string", default: null }, { required: ["x"] }),
    ...refusedOnCreate,
  },
  {
    about: "null inside, without default",
    template: one({ properties: { y: { type: "string" } }, default: { y: null } }),
    ...taken,
  },
  {
    about: "null inside, with a default there",
    template: one({ properties: { y: { type: "string", default: "a" } }, default: { y: null } }),
    ...refusedOnCreate,
  },
  { about: "type beside anyOf", template: one({ type: "string", anyOf: [{ minLength: 3 }], default: "a" }), ...taken },
  {
    about: "type beside anyOf, required",
    template: one({ type: "string", anyOf: [{ minLength: 3 }], default: "a" }, { required: ["x"] }),
    ...refusedOnCreate,
  },
  {
    about: "a list of required names that leaks to a later sibling",
    template: {
      job_configuration: { a: "{{ x }}{{ y }}" },
      variables: { properties: { x: { properties: {}, required: ["y"] }, y: { type: "string", default: null } } },
    },
    ...refusedOnCreate,
  },
  {
    about: "the same siblings the other way round",
    template: {
      job_configuration: { a: "{{ x }}{{ y }}" },
      variables: { properties: { y: { type: "string", default: null }, x: { properties: {}, required: ["y"] } } },
    },
    ...taken,
  },
  { about: "required inside a default", template: one({ required: ["y"], default: {} }), ...taken },
  { about: "required inside allOf", template: one({}, { allOf: [{ required: ["x"] }] }), ...refusedOnCreate },
  { about: "required inside not", template: one({}, { not: { required: ["x"] } }), ...refusedOnCreate },
  { about: "minProperties without defaults", template: one({}, { minProperties: 1 }), ...refusedOnCreate },
  { about: "minProperties with a default", template: one({ default: 1 }, { minProperties: 1 }), ...taken },
  { about: "variables of type array", template: variables({ type: "array" }), ...refusedOnCreate },
  {
    about: "a wrong default of a property called required",
    template: { job_configuration: plain, variables: { properties: { required: { type: "string", default: 5 } } } },
    ...taken,
  },
  {
    about: "additional properties and no others",
    template: one({ default: 1 }, { additionalProperties: false }),
    ...taken,
  },
  {
    about: "unevaluatedProperties",
    template: one({ default: { y: 1 }, unevaluatedProperties: false }),
    ...refusedOnCreate,
  },
  { about: "contains", template: one({ default: [1], contains: { type: "string" } }), ...refusedOnCreate },
  { about: "uniqueItems with true and 1", template: one({ default: [1, true, "1"], uniqueItems: true }), ...taken },
  {
    about: "uniqueItems with equal objects",
    template: one({
      default: [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      uniqueItems: true,
    }),
    ...refusedOnCreate,
  },
  {
    about: "a subschema of an older draft",
    template: one({ $schema: "http://json-schema.org/draft-07/schema#", dependencies: {} }),
    ...taken,
  },

  {
    about: "a circle that a default reaches",
    template: one({ $ref: "#/properties/x", default: 1 }),
    ...refusedOnCreate,
  },
  { about: "a circle that nothing reaches", template: one({ $ref: "#/properties/x" }), ...taken },
  {
    about: "a reference to nowhere that a default reaches",
    template: one({ $ref: "#/definitions/A", default: 1 }),
    ...refusedOnCreate,
  },
  { about: "a reference to nowhere", template: one({ $ref: "#/definitions/A" }), ...taken },
  {
    about: "a remote reference",
    template: one({ $ref: "https://example.org/schema.json", default: 1 }),
    ...refusedOnCreate,
  },
  {
    about: "JSON Schema's own schema",
    template: one({ $ref: "https://json-schema.org/draft/2020-12/schema", default: { type: 1 } }),
    ...refusedOnCreate,
  },
  {
    about: "JSON Schema's own schema, satisfied",
    template: one({ $ref: "https://json-schema.org/draft/2020-12/schema", default: {} }),
    ...taken,
  },
  {
    about: "a schema inside that has an address",
    template: one({ $ref: "a.json", default: 1 }, { $defs: { A: { $id: "a.json", type: "string" } } }),
    ...refusedOnCreate,
  },
  {
    about: "an anchor",
    template: one({ $ref: "#a", default: 1 }, { $defs: { A: { $anchor: "a", type: "string" } } }),
    ...refusedOnCreate,
  },
  {
    about: "a recursive schema",
    template: one(
      { $ref: "#/$defs/A", default: { a: { a: 1 } } },
      { $defs: { A: { properties: { a: { $ref: "#/$defs/A" } } } } },
    ),
    ...taken,
  },
  {
    about: "a reference to a value",
    template: one({ $ref: "#/properties/x/default", default: "abc" }),
    ...refusedOnCreate,
  },

  { about: "a default that refers to a text", template: one({ default: { $ref: "a" } }), ...refusedOnCreate },
  { about: "a default that refers to null", template: one({ default: { $ref: null } }), ...refusedOnCreate },
  { about: "a default that refers to no block", template: one({ type: "string", default: { $ref: {} } }), ...taken },
  {
    about: "a default that refers to a block by a bad id",
    template: one({ default: { $ref: { block_document_id: "a" } } }),
    ...refusedOnCreate,
  },
  {
    about: "a default that refers to a block by a number",
    template: one({ default: { $ref: { block_document_id: 1 } } }),
    ...refusedOnCreate,
  },
];
