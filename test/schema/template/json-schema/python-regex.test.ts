import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPattern, search } from "../../../../schema/template/json-schema/python-regex/match.ts";

/** Patterns with what CPython 3.11 makes of them: null for those it refuses, else texts and whether `re.search` finds something. */
const recorded = JSON.parse(
  readFileSync(new URL("../../../fixtures/template/python-re-3.11.json", import.meta.url), "utf8"),
) as [string, [string, boolean][] | null][];

describe("patterns of Python", () => {
  it("are taken and refused as CPython does", () => {
    const own = recorded.map(([pattern]) => [pattern, isPattern(pattern)]);
    expect(own).toEqual(recorded.map(([pattern, texts]) => [pattern, texts !== null]));
  });

  it("match as in CPython", () => {
    const own = recorded.map(([pattern, texts]) => [
      pattern,
      texts?.map(([text]) => [text, search(pattern, text)]) ?? null,
    ]);
    expect(own).toEqual(recorded);
  });

  it.each([
    ["^(a+)+$", `${"a".repeat(40)}!`],
    ["(a*)*b", "a".repeat(3000)],
    ["(x+x+)+y", "x".repeat(60)],
    ["(?:(?:a|a)*)*$", `${"a".repeat(50)}b`],
    ["(ab)*c", "ab".repeat(5000)],
  ])("that would run for ever are given up: %s", (pattern, text) => {
    expect(search(pattern, text)).toBe("unsure");
  });

  it("that cannot be judged are not called valid", () => {
    expect(
      ["\\N{DIGIT ONE}", "(?t)a", `${"(".repeat(200)}${")".repeat(200)}`, "a".repeat(30_000)].map(isPattern),
    ).toEqual(Array.from({ length: 4 }, () => "unsure"));
  });

  it("find what JavaScript finds, where both mean the same", () => {
    const atoms = fc.constantFrom(
      "a",
      "b",
      "c",
      ".",
      "[ab]",
      "[^a]",
      "(a|bc)",
      "(?:ab)?",
      "(b)*",
      "a{1,2}",
      "c+?",
      "(?=a)",
      "(?!b)",
      "^",
    );
    const texts = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(atoms, { maxLength: 5 }), texts, (parts, text) => {
        const pattern = parts.join("");
        expect(search(pattern, text)).toBe(new RegExp(pattern, "u").test(text));
      }),
      { numRuns: 500 },
    );
  });

  it("never make it throw or hang", () => {
    const unit = fc.constantFrom(..."ab01(?:)[]{}*+|^$\\-,<>=!P#xi.dwsZéſ\n");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), fc.string({ maxLength: 10 }), (pattern, text) => {
        const valid = isPattern(pattern);
        expect([true, false, "unsure"]).toContain(valid);
        if (valid === true) expect([true, false, "unsure"]).toContain(search(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });
});
