import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activeSlots,
  deniedSlots,
  deny,
  giveBack,
  meanOccupancy,
  retryAfterSeconds,
  take,
} from "../../../../server/domain/concurrency-limits/slot-arithmetic.ts";
import type { ConcurrencyLimitRow } from "../../../../server/store/tables/concurrency-limits.ts";
import { addSeconds } from "../../../../server/values/timestamp.ts";

const NOW = "2026-11-21T12:00:00.000000Z";

function limit(more: Partial<ConcurrencyLimitRow> = {}): ConcurrencyLimitRow {
  return {
    id: "id",
    created: NOW,
    updated: NOW,
    name: "limit",
    limit: 4,
    active: 1,
    active_slots: 0,
    active_since: NOW,
    denied_slots: 0,
    denied_since: NOW,
    slot_decay_per_second: 0,
    avg_slot_occupancy_seconds: 2,
    ...more,
  };
}

type Step = { kind: "take" | "give"; slots: number; after: number };

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<"take" | "give">("take", "give"),
    slots: fc.integer({ min: 1, max: 6 }),
    after: fc.double({ min: 0, max: 5, noNaN: true }),
  }),
  { maxLength: 40 },
);

describe("slots in use", () => {
  it("are never more than the limit and never less than none, whatever is asked and given back", () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 0.3, 2), (history: Step[], slot_decay_per_second) => {
        let row = limit({ slot_decay_per_second });
        let now = NOW;
        for (const { kind, slots, after } of history) {
          now = addSeconds(now, after);
          const changes =
            kind === "give" ? giveBack(row, slots, now) : (take(row, slots, now) ?? deny(row, slots, now));
          row = { ...row, ...changes };
          const active = activeSlots(row, now);
          expect(active).toBeGreaterThanOrEqual(0);
          expect(active).toBeLessThanOrEqual(row.limit);
          expect(deniedSlots(row, now)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("decay by whole slots from when they were last true", () => {
    const row = limit({ active_slots: 4, slot_decay_per_second: 0.5 });
    expect([0, 1.9, 2, 7.9, 8, 100].map((seconds) => activeSlots(row, addSeconds(NOW, seconds)))).toEqual([
      4, 4, 3, 1, 0, 0,
    ]);
    expect(activeSlots(row, addSeconds(NOW, -5))).toBe(4);
  });

  it("are not taken when one too many is asked for", () => {
    expect(take(limit({ active_slots: 2 }), 3, NOW)).toBeUndefined();
    expect(take(limit({ active_slots: 2 }), 2, NOW)).toMatchObject({ active_slots: 4, active_since: NOW });
  });
});

describe("the time after which to ask again", () => {
  const middle = () => 0.5;

  it("grows with who was refused before, and is capped where slots don't decay", () => {
    const waits = [0, 3, 1000].map((denied_slots) => retryAfterSeconds([limit({ denied_slots })], 1, middle));
    expect(waits[1]).toBeCloseTo((waits[0] ?? 0) * 4, 10);
    expect(waits[2]).toBeLessThanOrEqual(30 * 1.3);
    expect(retryAfterSeconds([limit({ name: "tag:x", denied_slots: 1000 })], 1, () => 0.999)).toBeLessThanOrEqual(
      10 * 1.3,
    );
  });

  it("follows the rate of a limit that decays", () => {
    const slow = retryAfterSeconds([limit({ slot_decay_per_second: 0.1 })], 1, middle);
    const fast = retryAfterSeconds([limit({ slot_decay_per_second: 10 })], 1, middle);
    expect(slow / fast).toBeCloseTo(100, 6);
  });

  it("is spread around its mean, and never beyond 1.3 times that", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const seconds = retryAfterSeconds([limit()], 1, () => random);
        // 2 s a slot, one slot ahead of four: half a second.
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThanOrEqual(0.65 + 1e-9);
      }),
    );
  });
});

describe("the mean time that a slot is held", () => {
  it("moves towards each sample, by one part in twice the limit", () => {
    expect(meanOccupancy(limit(), 1, 10)).toBe(3);
    expect(meanOccupancy(limit(), 5, 10)).toBe(2);
    expect(meanOccupancy(limit({ limit: 0 }), 1, 10)).toBe(2);
  });
});
