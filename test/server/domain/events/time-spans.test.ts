import fc from "fast-check";
import { expect, it } from "vitest";
import { spansOf, type TimeUnit } from "../../../../server/domain/events/time-spans.ts";
import { addSeconds, epochMicroseconds } from "../../../../server/values/timestamp.ts";

const NOW = "2026-11-21T12:34:56.789012Z";
const RANGE = { since: "2026-11-21T09:30:00.000000Z", until: "2026-11-21T12:10:00.000000Z" };

it("spans cover a range from the start of the span it begins in", () => {
  const spans = spansOf(RANGE, "hour", 1, NOW);
  expect(spans).toMatchObject({
    seconds: 3600,
    list: [
      { start: "2026-11-21T09:00:00.000000Z", end: "2026-11-21T09:59:59.999999Z" },
      { start: "2026-11-21T10:00:00.000000Z", end: "2026-11-21T10:59:59.999999Z" },
      { start: "2026-11-21T11:00:00.000000Z", end: "2026-11-21T11:59:59.999999Z" },
      { start: "2026-11-21T12:00:00.000000Z", end: "2026-11-21T12:59:59.999999Z" },
    ],
  });
});

it("weeks begin on Mondays", () => {
  const spans = spansOf({ since: "2026-11-18T00:00:00.000000Z", until: NOW }, "week", 1, NOW);
  expect(spans).toMatchObject({
    list: [{ start: "2026-11-16T00:00:00.000000Z", end: "2026-11-22T23:59:59.999999Z" }],
  });
});

it("nothing is counted beyond the present unit", () => {
  const spans = spansOf({ since: RANGE.since, until: "2027-01-01T00:00:00.000000Z" }, "hour", 1, NOW);
  expect(spans).toMatchObject({ list: { length: 4 } });
});

it("more than a thousand are too many", () => {
  const until = (seconds: number) => ({ since: RANGE.since, until: addSeconds(RANGE.since, seconds) });
  expect(spansOf(until(1000), "second", 1, NOW)).toMatchObject({ list: { length: 1000 } });
  expect(spansOf(until(1001), "second", 1, NOW)).toBe(1001);
});

it("spans follow one another without a gap, and are the same ones for every range", () => {
  const unit = fc.constantFrom<TimeUnit>("week", "day", "hour", "minute", "second");
  const seconds = fc.double({ min: 0, max: 10_000, noNaN: true });
  fc.assert(
    fc.property(unit, fc.double({ min: 0.01, max: 400, noNaN: true }), seconds, seconds, (unit, interval, a, b) => {
      const since = addSeconds(RANGE.since, -Math.max(a, b));
      const until = addSeconds(RANGE.since, -Math.min(a, b));
      const spans = spansOf({ since, until }, unit, interval, NOW);
      if (typeof spans === "number") return spans > 1000;
      const { list } = spans;
      for (const [index, { end }] of list.entries()) {
        const next = list[index + 1];
        if (next !== undefined) expect(epochMicroseconds(next.start) - epochMicroseconds(end)).toBe(1);
      }
      if (list[0] !== undefined) expect(list[0].start <= since && since <= list[0].end).toBe(true);
      const later = list[1] && spansOf({ since: list[1].start, until }, unit, interval, NOW);
      if (later !== undefined && typeof later !== "number") expect(later.list[0]).toEqual(list[1]);
      return true;
    }),
  );
});
