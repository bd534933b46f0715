import { describe, expect, it } from "vitest";
import { openStore } from "../../../../server/index.ts";
import { globTest } from "../../../../server/store/sql/glob.ts";
import { apiOn } from "../../support/api.ts";

describe("a pattern", () => {
  it.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["a", "a", true],
    ["a", "ab", false],
    ["a*", "ab", true],
    ["*a", "ba", true],
    ["*a", "ab", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["*ab*abc*", "xabababcx", true],
    ["*ab*abc", "abcab", false],
    ["a.c", "abc", false],
    ["?", "𝒳", true],
    ["?*?", "a", false],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[]]", "]", true],
    ["[!]]", "]", false],
    ["[^a]", "^", true],
    ["[", "[", true],
    ["*[0-9]?", "a\n1b", true],
  ])("%j against %j: %s", (pattern, text, fits) => {
    expect(globTest(pattern)(text)).toBe(fits);
  });

  it("with a set upside down is none", () => {
    expect(() => globTest("[z-a]")).toThrow(SyntaxError);
  });

  it("full of asterisks takes no longer than looking for its pieces", () => {
    // Trying all ways to share the text out would not come to an end.
    expect(globTest(`${"*a".repeat(400)}*b`)("a".repeat(20_000))).toBe(false);
  });

  it("that is longer than a database compares is refused", async () => {
    const store = await openStore("memory");
    const api = apiOn(store);
    const event = { event: "e", occurred: api.clock.now(), id: crypto.randomUUID(), resource: RESOURCE };
    expect((await api.post("/events", [event])).status).toBe(204);
    const response = await api.post("/events/filter", { filter: { resource: { labels: { k: "*a".repeat(30_000) } } } });
    expect(response.status).toBe(422);
    await store.close();
  });
});

const RESOURCE = { "prefect.resource.id": "r", k: "a".repeat(100) };
