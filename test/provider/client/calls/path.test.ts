import { describe, expect, it } from "vitest";
import { path } from "../../../../provider/client/calls/path.ts";

describe("a name in a path", () => {
  it.each([
    ["etl", "etl"],
    ["a b", "a%20b"],
    ["e9q?x", "e9q%3Fx"],
    ["e9k#2", "e9k%232"],
    ["100%", "100%25"],
    ["ümlaut 東", "%C3%BCmlaut%20%E6%9D%B1"],
    ["a..b", "a..b"],
    ["...", "..."],
    ["a\\b", "a%5Cb"],
    ["a;b=c", "a%3Bb%3Dc"],
  ])("is percent-encoded: %j", (name, escaped) => {
    expect(path`/work_pools/${name}/queues/${name}`).toBe(`/work_pools/${escaped}/queues/${escaped}`);
  });

  it.each(["", ".", "..", "a/b", "a/queues/b", "\ud800"])(
    "is refused where it would address something else: %j",
    (name) => {
      expect(() => path`/work_pools/${name}`).toThrow(
        expect.objectContaining({ code: "invalid", attempts: 0, mayHaveHappened: false }),
      );
      expect(() => path`/work_pools/${name}`).toThrow(/Nothing was sent/);
    },
  );
});
