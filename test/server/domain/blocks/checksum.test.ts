import { expect, it } from "vitest";
import { schemaChecksum } from "../../../../server/domain/blocks/checksum.ts";

/** The checksums are from prefect 3.8.4, `Block._calculate_schema_checksum`. */
it.each([
  ["nothing", {}, "f8e6e96abbc38504d4e9c99fc57281fa0026bede1fa42db79f22f984501710f4"],
  [
    "letters beyond ASCII, numbers, secret fields and the definitions it reaches",
    {
      title: "Zé\u007f\u{1f600}",
      a: [1, 2, null, true, 'x"y\\z\n\t/'],
      secret_fields: ["s"],
      properties: {
        secret_fields: 1,
        b: { $ref: "#/definitions/P" },
        c: [{ $ref: "#/definitions/Q", secret_fields: [1] }],
      },
      definitions: {
        P: { type: "object", secret_fields: ["q"], x: { $ref: "#/definitions/R" } },
        Q: { block_type_slug: "q" },
        R: { n: 1.5, e: 1e21, f: -0.1 },
        U: {},
      },
    },
    "a5e764949f5fbbc01dcf40dc7e80b4b859b14f4149739e854e65dd0a0398d024",
  ],
  [
    "keys in Python's order and blocks in it",
    {
      "\uff00": 1,
      "\u{1f600}": 2,
      z: 3,
      definitions: { Q: { block_type_slug: "q" } },
      p: { $ref: "#/definitions/Q" },
    },
    "6d29dc8f332628bf455b35fd8501c61f781e69f304cd9f617b17687d7defc606",
  ],
])("a schema with %s has the checksum that clients calculate", (_, fields, checksum) => {
  expect(schemaChecksum(fields)).toBe(`sha256:${checksum}`);
});
