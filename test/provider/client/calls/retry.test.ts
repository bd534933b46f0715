import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryWait } from "../../../../provider/client/calls/retry.ts";
import type { FailedTry, RequestKind } from "../../../../provider/client/errors/attempt-failure.ts";

const state = { tries: 1, leftMs: 60_000, chance: 0.5 };
const kinds: RequestKind[] = ["read", "change", "create"];
const refused = { code: "network", left: false, mayHaveHappened: false } as const;
const lost = { code: "network", left: true, mayHaveHappened: true } as const;

function tried(failed: FailedTry, tries = 1): string {
  const again = kinds.filter((kind) => retryWait(kind, failed, { ...state, tries }) !== undefined);
  return again.join(" ");
}

describe("whether a request is tried again", () => {
  it.each<[string, FailedTry, string]>([
    ["it never left", refused, "read change create"],
    ["its answer was lost", lost, "read change"],
    ["the certificate is not trusted", { ...refused, permanent: true }, ""],
    ["429", { code: "rate_limited", status: 429, mayHaveHappened: false }, "read change create"],
    ["408", { code: "unavailable", status: 408, mayHaveHappened: false }, "read change create"],
    ["503", { code: "unavailable", status: 503, mayHaveHappened: true }, "read change create"],
    ["502", { code: "unavailable", status: 502, mayHaveHappened: true }, "read change"],
    ["504", { code: "unavailable", status: 504, mayHaveHappened: true }, "read change"],
    ["500", { code: "server_fault", status: 500, mayHaveHappened: true }, "read change"],
    ["501", { code: "server_fault", status: 501, mayHaveHappened: true }, ""],
    ["401", { code: "unauthorized", status: 401, mayHaveHappened: false }, ""],
    ["403", { code: "forbidden", status: 403, mayHaveHappened: false }, ""],
    ["404", { code: "not_found", status: 404, mayHaveHappened: false }, ""],
    ["409", { code: "conflict", status: 409, mayHaveHappened: false }, ""],
    ["422", { code: "invalid", status: 422, mayHaveHappened: false }, ""],
    ["the answer cannot be read", { code: "unreadable", status: 200, mayHaveHappened: true }, ""],
    ["a redirect", { code: "redirected", status: 302, mayHaveHappened: false }, ""],
    ["the time is over", { code: "timeout", mayHaveHappened: true }, ""],
  ])("after: %s", (_, failed, kindsTriedAgain) => {
    expect(tried(failed)).toBe(kindsTriedAgain);
  });

  it("ends after few tries when the failure will stay", () => {
    expect([1, 2, 3, 4].map((tries) => tried(refused, tries) !== "")).toEqual([true, true, true, false]);
    const fault: FailedTry = { code: "server_fault", status: 500, mayHaveHappened: true };
    expect([1, 2, 3].map((tries) => tried(fault, tries) !== "")).toEqual([true, true, false]);
  });

  it("does not end while an overloaded server says so, but with the operation's time", () => {
    const busy: FailedTry = { code: "unavailable", status: 503, mayHaveHappened: true };
    expect(tried(busy, 50)).toBe("read change create");
    expect(retryWait("read", busy, { ...state, leftMs: 100 })).toBeUndefined();
  });
});

describe("how long is waited", () => {
  const busy: FailedTry = { code: "unavailable", status: 503, mayHaveHappened: true };

  it("is 50 to 250 ms at first, grows, and ends at 4 s", () => {
    expect(retryWait("read", busy, { ...state, chance: 0 })).toBe(50);
    expect(retryWait("read", busy, { ...state, chance: 1 })).toBe(250);
    expect([1, 2, 3, 4, 5, 6, 7, 99].map((tries) => retryWait("read", busy, { ...state, tries }))).toEqual([
      150, 300, 600, 1200, 2400, 4000, 4000, 4000,
    ]);
  });

  it("is what the server asks for, up to 30 s", () => {
    expect(retryWait("read", { ...busy, retryAfterMs: 7_000 }, state)).toBe(7_000);
    expect(retryWait("read", { ...busy, retryAfterMs: 3_600_000 }, state)).toBe(30_000);
    expect(retryWait("read", { ...busy, retryAfterMs: 0 }, state)).toBe(150);
  });

  it("is never longer than the time that is left", () => {
    const anyState = fc.record({
      tries: fc.integer({ min: 1, max: 200 }),
      leftMs: fc.nat(120_000),
      chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(anyState, fc.option(fc.nat(100_000), { nil: undefined }), (given, retryAfterMs) => {
        const wait = retryWait("create", { ...busy, retryAfterMs }, given);
        return wait === undefined || (wait > 0 && wait < given.leftMs);
      }),
    );
  });
});
