import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeJson } from "../../../server/http/response/json-text.ts";
import { parseJson, plainNumbers, toJson } from "../../../server/values/json.ts";

const BIG = "12345678901234567890";

describe("JSON with long integers", () => {
  it.each([
    BIG,
    `-${BIG}`,
    `[${BIG}]`,
    `{"a":${BIG},"b":[1,${BIG},{"c":${BIG}}]}`,
    `{"__proto__":${BIG},"constructor":{"x":${BIG}}}`,
    `{"text":"${BIG}, \\"${BIG}\\": ${BIG}","a\\\\":${BIG}}`,
    `{"${BIG}":"${BIG}"}`,
    "9007199254740993",
  ])("comes out as it went in: %s", (text) => {
    expect(toJson(parseJson(text))).toBe(text);
    expect(writeJson(parseJson(text))).toBe(text);
  });

  it("has bigints where a number would be rounded, and numbers everywhere else", () => {
    expect(parseJson(`[9007199254740991, 9007199254740993, 1e20, 1.${BIG}, 0.1e${"0".repeat(17)}1, "${BIG}"]`)).toEqual(
      [9007199254740991, 9007199254740993n, 1e20, Number(`1.${BIG}`), 1, BIG],
    );
    expect(parseJson(` [ ${BIG} , {"a" : ${BIG}\n}\t] `)).toEqual([BigInt(BIG), { a: BigInt(BIG) }]);
  });

  it.each([
    `{${BIG}:1}`,
    `{"a":1,${BIG}}`,
    `[1 ${BIG}]`,
    `[${BIG} 1]`,
    `0${BIG}`,
    `[0${BIG}]`,
    `[--${BIG}]`,
    `[+${BIG}]`,
    `[${BIG}.]`,
    `[${BIG}e]`,
    `"${BIG}`,
    `[${BIG}`,
    `${BIG} ${BIG}`,
    `{"a" ${BIG}}`,
    `[${BIG}x]`,
  ])("that is none stays none: %s", (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it("is the same as JSON.parse but for them, whatever is in it", () => {
    const leaf = fc.oneof(
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: fc.constantFrom(...'"\\1234567890 ,:[]{}\u0000'), maxLength: 60 }),
      fc.constant(null),
      fc.boolean(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("tree"), { maxLength: 5 }),
        fc.dictionary(fc.string({ maxLength: 20 }), tie("tree"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = toJson(value);
        const parsed = parseJson(text);
        expect(toJson(parsed)).toBe(text);
        expect(JSON.stringify(plainNumbers(parsed))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves documents without them alone", () => {
    const document = { a: [1, "x", { b: null }] };
    expect(plainNumbers(document)).toBe(document);
  });
});
