import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RetryCriteria, retryDelay } from "../../../../provider/client/calls/retry-delay.ts";
import type { RequestKind } from "../../../../provider/client/errors/attempt-failure.ts";

const state = { attempts: 1, remainingMs: 60_000, random: 0.5 };
const kinds: RequestKind[] = ["read", "change", "create"];
const notSent: RetryCriteria = { code: "network", wasSent: false };
const lost: RetryCriteria = { code: "network", wasSent: true };
const busy: RetryCriteria = { code: "unavailable", status: 503 };

function retriedKinds(failure: RetryCriteria, attempts = 1): string {
  return kinds.filter((kind) => retryDelay(kind, failure, { ...state, attempts }) !== undefined).join(" ");
}

describe("a request is retried", () => {
  it.each<[string, RetryCriteria, string]>([
    ["it was not sent", notSent, "read change create"],
    ["its response was lost", lost, "read change"],
    ["the certificate is not trusted", { ...notSent, isPermanent: true }, ""],
    ["429", { code: "rate_limited", status: 429 }, "read change create"],
    ["408", { code: "unavailable", status: 408 }, "read change create"],
    ["503", busy, "read change create"],
    ["502", { code: "unavailable", status: 502 }, "read change"],
    ["504", { code: "unavailable", status: 504 }, "read change"],
    ["500", { code: "server_fault", status: 500 }, "read change"],
    ["501", { code: "server_fault", status: 501 }, ""],
    ["401", { code: "unauthorized", status: 401 }, ""],
    ["403", { code: "forbidden", status: 403 }, ""],
    ["404", { code: "not_found", status: 404 }, ""],
    ["409", { code: "conflict", status: 409 }, ""],
    ["422", { code: "invalid", status: 422 }, ""],
    ["an unreadable response", { code: "unreadable", status: 200 }, "read"],
    ["an unreadable refusal", { code: "unreadable", status: 405 }, ""],
    ["a redirect", { code: "redirected", status: 302 }, ""],
    ["a timeout", { code: "timeout" }, ""],
  ])("or not, by its kind, after: %s", (_, failure, expected) => {
    expect(retriedKinds(failure)).toBe(expected);
  });

  it("a few times when the failure is likely to be permanent", () => {
    expect([1, 2, 3, 4].map((attempts) => retriedKinds(notSent, attempts) !== "")).toEqual([true, true, true, false]);
    const failure: RetryCriteria = { code: "server_fault", status: 500 };
    expect([1, 2, 3].map((attempts) => retriedKinds(failure, attempts) !== "")).toEqual([true, true, false]);
  });

  it("once when a response was unreadable", () => {
    const failure: RetryCriteria = { code: "unreadable", status: 200 };
    expect([1, 2].map((attempts) => retriedKinds(failure, attempts))).toEqual(["read", ""]);
  });

  it("until the timeout when the server is overloaded", () => {
    expect(retriedKinds(busy, 50)).toBe("read change create");
    expect(retryDelay("read", busy, { ...state, remainingMs: 100 })).toBeUndefined();
  });
});

describe("the delay", () => {
  it("is 50 to 250 ms at first, doubles with each attempt, and is at most 4 s", () => {
    expect(retryDelay("read", busy, { ...state, random: 0 })).toBe(50);
    expect(retryDelay("read", busy, { ...state, random: 1 })).toBe(250);
    const delays = [1, 2, 3, 4, 5, 6, 7, 99].map((attempts) => retryDelay("read", busy, { ...state, attempts }));
    expect(delays).toEqual([150, 300, 600, 1200, 2400, 4000, 4000, 4000]);
  });

  it("is the server's Retry-After, up to 30 s", () => {
    expect(retryDelay("read", { ...busy, retryAfterMs: 7_000 }, state)).toBe(7_000);
    expect(retryDelay("read", { ...busy, retryAfterMs: 3_600_000 }, state)).toBe(30_000);
    expect(retryDelay("read", { ...busy, retryAfterMs: 0 }, state)).toBe(150);
  });

  it("is always less than the remaining time", () => {
    const anyState = fc.record({
      attempts: fc.integer({ min: 1, max: 200 }),
      remainingMs: fc.nat(120_000),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(anyState, fc.option(fc.nat(100_000), { nil: undefined }), (randomState, retryAfterMs) => {
        const delay = retryDelay("create", { ...busy, retryAfterMs }, randomState);
        return delay === undefined || (delay > 0 && delay < randomState.remainingMs);
      }),
    );
  });
});
