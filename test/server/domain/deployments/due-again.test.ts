import { describe, expect, it } from "vitest";
import { dueAgain, usualHorizon } from "../../../../server/domain/deployments/schedule-runs.ts";
import type { Schedule } from "../../../../server/domain/schedules/schedule.ts";
import { nextTimes } from "../../../../server/domain/schedules/times.ts";

const now = "2026-11-21T12:00:00.000000Z";
const every = (interval: number): Schedule => ({ interval, anchor_date: now, timezone: "UTC" });

function due(schedule: Schedule): string | null {
  return dueAgain(schedule, nextTimes(schedule, now, usualHorizon(now)), now);
}

describe("a schedule is looked at again", () => {
  it.each([
    ["when less than three runs lie ahead", every(3 * 86_400), "2026-11-21T12:00:01.000000Z"],
    ["when its last run is less than an hour away", every(1200), "2026-11-21T12:00:01.000000Z"],
    ["after a minute, when an hour holds more than a hundred runs", every(10), "2026-11-21T12:01:00.000000Z"],
    ["before half of a hundred runs are over", every(0.5), "2026-11-21T12:00:25.000000Z"],
    [
      "when its next run comes into sight",
      { cron: "0 0 1 7 *", timezone: null, day_or: true } satisfies Schedule,
      "2027-03-23T00:00:00.000000Z",
    ],
  ])("%s", (_, schedule, expected) => {
    expect(due(schedule)).toBe(expected);
  });

  it.each([
    ["that can never come", { cron: "0 0 31 2 *", timezone: null, day_or: true } satisfies Schedule],
    ["that has ended", { rrule: "DTSTART:20200101T000000\nFREQ=DAILY;COUNT=3", timezone: "UTC" } satisfies Schedule],
    ["whose last runs have been made", { rrule: "DTSTART:20261121T120000\nFREQ=MINUTELY;COUNT=2", timezone: "UTC" }],
  ])("never, %s", (_, schedule) => {
    expect(due(schedule)).toBeNull();
  });

  it("when the third run from the end begins", () => {
    const daily: Schedule = { ...every(86_400), anchor_date: "2026-11-21T18:00:00Z" } as Schedule;
    expect(due(daily)).toBe("2026-11-21T18:00:00.000000Z");
  });
});
