import { describe, expect, it } from "vitest";
import { decode, decodeProperties, encode, encodeProperties, secret } from "../../../provider/pulumi/codec.ts";
import { type PlanObject, setKey, UNKNOWN } from "../../../schema/json.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const unknowns = {
  text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  bool: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};

describe("decoding", () => {
  it.each(Object.entries(unknowns))("turns the unknown of type %s into UNKNOWN, at any depth", (_type, text) => {
    expect(decode({ a: text, b: [1, { c: text }] })).toEqual({ a: UNKNOWN, b: [1, { c: UNKNOWN }] });
  });

  it("leaves text that only contains the mark of an unknown", () => {
    expect(decode(`x${unknowns.text}`)).toBe(`x${unknowns.text}`);
  });

  it("unwraps secrets, nested ones too, and unknown ones", () => {
    const wrapped = { [SIGNATURE]: SECRET, value: { a: { [SIGNATURE]: SECRET, value: 1 } } };
    expect(decode([wrapped, { [SIGNATURE]: SECRET, value: unknowns.text }])).toEqual([{ a: 1 }, UNKNOWN]);
  });

  it("reads a reference to a resource as its id, or its URN where it has none", () => {
    const reference = { [SIGNATURE]: RESOURCE, urn: "urn:pulumi:s::p::t::n" };
    expect(decode({ ...reference, id: "etl" })).toBe("etl");
    expect(decode({ ...reference, id: unknowns.text })).toBe(UNKNOWN);
    expect(decode(reference)).toBe("urn:pulumi:s::p::t::n");
  });

  it("reads an output as its value, and as unknown without one", () => {
    expect(decode({ [SIGNATURE]: OUTPUT, value: null, secret: true, dependencies: [] })).toBeNull();
    expect(decode({ [SIGNATURE]: OUTPUT, secret: false })).toBe(UNKNOWN);
  });

  it("drops Pulumi's own keys at the top level and keeps nested ones", () => {
    expect(decodeProperties({ __provider: "code", __internal: {}, name: "a", doc: { __mine: 1 } })).toEqual({
      name: "a",
      doc: { __mine: 1 },
    });
  });

  it("keeps nulls where they are", () => {
    expect(decodeProperties({ a: null, doc: { default: null, list: [null, { x: null }] } })).toEqual({
      a: null,
      doc: { default: null, list: [null, { x: null }] },
    });
  });

  it.each([undefined, null, "text", 5, []])("decodes %j to no properties", (nothing) => {
    expect(decodeProperties(nothing)).toEqual({});
  });

  it("changes no prototype, whatever the keys", () => {
    const input = JSON.parse(
      '{"doc":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
    ) as object;
    const decoded = decodeProperties(input) as { doc: PlanObject };
    expect(Object.getPrototypeOf(decoded.doc)).toBe(Object.prototype);
    expect(Object.keys(decoded.doc)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(JSON.stringify(encode(decoded))).toBe(JSON.stringify(input));
  });
});

describe("encoding", () => {
  it("is undone by decoding", () => {
    const value: PlanObject = { a: [1, "x", true, null, { b: UNKNOWN }], c: { "odd key": -0.5 }, e: {}, f: [] };
    expect(decode(encode(value))).toEqual(value);
  });

  it("marks secret outputs that are present", () => {
    expect(encodeProperties({ name: "etl", previous: { a: 1 } }, ["previous", "missing"])).toEqual({
      name: "etl",
      previous: { [SIGNATURE]: SECRET, value: { a: 1 } },
    });
    expect(secret("x")).toEqual({ [SIGNATURE]: SECRET, value: "x" });
  });

  it("leaves out what is not JSON, and replaces it by null in arrays", () => {
    const odd = { u: undefined, f: () => 1, n: Number.NaN, i: Number.POSITIVE_INFINITY, b: 5n, list: [undefined, 1n] };
    expect(encode(odd as never)).toEqual({ n: null, i: null, b: 5, list: [null, 1] });
  });

  it("keeps a key that an assignment would take for the prototype", () => {
    const value: PlanObject = {};
    setKey(value, "__proto__", 1);
    expect(Object.getOwnPropertyNames(encode(value))).toEqual(["__proto__"]);
  });
});
