import fc from "fast-check";
import { expect, it } from "vitest";
import { hideSecrets, keepSecrets } from "../../../../server/domain/blocks/secrets.ts";

const DATA = { key: "k", open: "o", none: null, inner: { password: "p", user: "u" }, all: { a: { b: 1 }, c: [2] } };
const SECRET = ["key", "none", "inner.password", "all.*", "missing", "open.too.deep"];
const HIDDEN = "********";

it("secrets are hidden wherever a path leads, and nothing else", () => {
  expect(hideSecrets(DATA, SECRET)).toEqual({
    key: HIDDEN,
    open: "o",
    none: null,
    inner: { password: HIDDEN, user: "u" },
    all: { a: { b: HIDDEN }, c: HIDDEN },
  });
});

it("the data themselves stay as they are", () => {
  const before = structuredClone(DATA);
  hideSecrets(DATA, SECRET);
  expect(DATA).toEqual(before);
});

it("who sends back what was shown changes nothing", () => {
  const name = fc.constantFrom("a", "b", "__proto__", "constructor", "*");
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((steps) => steps.join("."));
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.string(), fc.constant(null), fc.integer(), tie("document")),
    document: fc.dictionary(name, tie("value"), { maxKeys: 3 }),
  })).document as fc.Arbitrary<Record<string, unknown>>;
  fc.assert(
    fc.property(value, fc.array(path, { maxLength: 3 }), (data, secret) => {
      expect(keepSecrets(hideSecrets(data, secret), data, secret)).toEqual(data);
    }),
  );
});

it("a new value takes the place of a secret", () => {
  const update = { ...DATA, key: "new", inner: { password: HIDDEN, user: "other" } };
  expect(keepSecrets(update, DATA, SECRET)).toEqual({
    ...DATA,
    key: "new",
    inner: { password: "p", user: "other" },
  });
});

it("stars stay stars where there was no secret", () => {
  expect(keepSecrets({ key: HIDDEN }, {}, ["key"])).toEqual({ key: HIDDEN });
});
