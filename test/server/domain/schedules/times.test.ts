import { describe, expect, it } from "vitest";
import type { Schedule } from "../../../../server/domain/schedules/schedule.ts";
import { nextTimes, times } from "../../../../server/domain/schedules/times.ts";
import { addSeconds, parseTimestamp, type Timestamp } from "../../../../server/values/timestamp.ts";
import cron from "../../../fixtures/schedules/cron.json" with { type: "json" };
import interval from "../../../fixtures/schedules/interval.json" with { type: "json" };
import rrule from "../../../fixtures/schedules/rrule.json" with { type: "json" };

function first(schedule: Schedule, from: string, count: number, years = 100): Timestamp[] {
  const start = parseTimestamp(from) as Timestamp;
  const found: Timestamp[] = [];
  for (const time of times(schedule, start, addSeconds(start, years * 365 * 86_400))) {
    found.push(time);
    if (found.length === count) break;
  }
  return found;
}

/** Without seconds and fractions. */
const short = (list: Timestamp[]) => list.map((time) => time.slice(0, 16));

const upTo = (count: number) => [...Array(count).keys()].join();

const EACH_SECOND = `BYHOUR=${upTo(24)};BYMINUTE=${upTo(60)};BYSECOND=${upTo(60)}`;

/** The tables hold what Prefect's own schedules answer: test/fixtures/schedules/generate.py made them. */
interface Case {
  of: unknown[];
  theirs: string[];
  ours: string[];
}

function differences(cases: Iterable<Case>): Case[] {
  return [...cases].filter(({ theirs, ours }) => JSON.stringify(theirs) !== JSON.stringify(ours));
}

describe("cron schedules", () => {
  it("come at the times of croniter, around changes of clocks too", () => {
    const rows = cron as [string, string, boolean, string, string[]][];
    const cases = rows.map(([expression, timezone, day_or, from, theirs]) => ({
      of: [expression, timezone, day_or, from],
      theirs,
      ours: first({ cron: expression, timezone, day_or }, from, 6),
    }));
    expect(differences(cases)).toEqual([]);
  });

  it("lose no day after a short month", () => {
    const found = first({ cron: "0 0 1,30 * *", timezone: null, day_or: true }, "2027-02-02T00:00:00Z", 2);
    expect(short(found)).toEqual(["2027-03-01T00:00", "2027-03-30T00:00"]);
  });

  it("that can never come yield nothing", () => {
    expect(first({ cron: "0 0 31 2 *", timezone: null, day_or: true }, "2026-01-01T00:00:00Z", 1)).toEqual([]);
  });

  it("count the second they are asked from", () => {
    const daily: Schedule = { cron: "0 9 * * *", timezone: "", day_or: true };
    expect(first(daily, "2026-11-21T09:00:00Z", 1)).toEqual(["2026-11-21T09:00:00.000000Z"]);
    expect(first(daily, "2026-11-21T09:00:00.000001Z", 1)).toEqual(["2026-11-22T09:00:00.000000Z"]);
  });
});

describe("interval schedules", () => {
  it("come at the times of Prefect", () => {
    const rows = interval as [number, string, string, string, string[]][];
    const cases = rows.map(([seconds, anchor_date, timezone, from, theirs]) => ({
      of: [seconds, anchor_date, timezone, from],
      theirs,
      ours: first({ interval: seconds, anchor_date, timezone }, from, 6),
    }));
    expect(differences(cases)).toEqual([]);
  });

  const daily: Schedule = {
    interval: 86_400,
    anchor_date: "2027-01-01T09:00:00-05:00",
    timezone: "America/New_York",
  };

  it("of days stay at their hour when clocks change, whenever they are asked", () => {
    expect(short(first(daily, "2027-03-13T00:00:00Z", 3))).toEqual([
      "2027-03-13T14:00",
      "2027-03-14T13:00",
      "2027-03-15T13:00",
    ]);
    expect(short(first(daily, "2027-03-15T00:00:00Z", 1))).toEqual(["2027-03-15T13:00"]);
    expect(short(first(daily, "2027-06-01T00:00:00Z", 1))).toEqual(["2027-06-01T13:00"]);
    expect(short(first(daily, "2027-11-07T00:00:00Z", 2))).toEqual(["2027-11-07T14:00", "2027-11-08T14:00"]);
  });

  it("of days at an hour that is skipped come an hour later that day", () => {
    const early: Schedule = { ...daily, anchor_date: "2027-03-12T02:30:00-05:00" };
    expect(short(first(early, "2027-03-13T00:00:00Z", 3))).toEqual([
      "2027-03-13T07:30",
      "2027-03-14T07:30",
      "2027-03-15T06:30",
    ]);
  });

  it("below a day keep their distance when clocks change", () => {
    const hourly: Schedule = { ...daily, interval: 3600 };
    expect(short(first(hourly, "2027-11-07T04:30:00Z", 3))).toEqual([
      "2027-11-07T05:00",
      "2027-11-07T06:00",
      "2027-11-07T07:00",
    ]);
  });

  it("that are longer than time yield nothing", () => {
    const endless: Schedule = { ...daily, interval: 999_999_999 * 86_400 };
    expect(first(endless, "2027-01-02T00:00:00Z", 1, 7000)).toEqual([]);
  });

  it("of microseconds go on however far away their anchor is", () => {
    const tiny: Schedule = { interval: 0.000001, anchor_date: "0001-01-01T00:00:00Z", timezone: "UTC" };
    for (const from of ["2026-11-21T12:00:00.000000Z", "9000-01-01T00:00:00.000000Z"]) {
      const found = first(tiny, from, 3);
      expect(found).toEqual([...new Set(found)].sort());
      expect(found).toHaveLength(3);
      expect(short(found)).toEqual(Array(3).fill(from.slice(0, 16)));
    }
  });

  it("come before their anchor too", () => {
    const later: Schedule = { interval: 600, anchor_date: "2030-01-01T00:05:00Z", timezone: "UTC" };
    expect(short(first(later, "2026-11-21T10:00:00Z", 2))).toEqual(["2026-11-21T10:05", "2026-11-21T10:15"]);
  });
});

describe("recurrence rules", () => {
  it("come at the times of dateutil", () => {
    const rows = rrule as [string, string, string, string[]][];
    const cases = rows.map(([rule, timezone, from, theirs]) => ({
      of: [rule, timezone, from],
      theirs,
      ours: first({ rrule: rule, timezone }, from, 6, 10),
    }));
    expect(differences(cases)).toEqual([]);
  });

  it("that go on every second since 2020 are not walked through", () => {
    const every: Schedule = { rrule: "DTSTART:20200101T000000\nRRULE:FREQ=SECONDLY", timezone: "UTC" };
    expect(first(every, "2120-11-21T10:15:30.5Z", 1)).toEqual(["2120-11-21T10:15:31.000000Z"]);
  });

  it.each([
    "DTSTART:20200101T000000\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    "DTSTART:20200101T000000\nRRULE:FREQ=DAILY;BYMONTH=13",
    "DTSTART:20200101T000000\nRRULE:FREQ=YEARLY;BYWEEKNO=60",
    "DTSTART:20200101T000000\nRRULE:FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5",
    "DTSTART:20200101T000000\nRRULE:FREQ=SECONDLY;BYSECOND=1;COUNT=999999999",
    "DTSTART:20200101T000000\nRRULE:FREQ=YEARLY;INTERVAL=999999999999999",
    "DTSTART:20200101T000000\nRRULE:FREQ=MONTHLY;INTERVAL=999999999999999",
    "DTSTART:20200101T000000\nRRULE:FREQ=WEEKLY;INTERVAL=999999999999999",
    "DTSTART:20200101T000000\nRRULE:FREQ=SECONDLY;INTERVAL=999999999999999",
    `DTSTART:20200101T000000\n${"RRULE:FREQ=SECONDLY;BYMONTH=13\n".repeat(200)}`,
    `DTSTART:19000101T000000\nRRULE:FREQ=DAILY;COUNT=2000000000;${EACH_SECOND}`,
    `DTSTART:19000101T000000\nRRULE:FREQ=HOURLY;COUNT=2000000000;${EACH_SECOND.replace(/BYHOUR=[\d,]+;/, "")}`,
  ])("that never come, or are counted for ever, come to an end: %s", (rule) => {
    expect(first({ rrule: rule, timezone: "UTC" }, "2900-01-01T00:00:00Z", 1, 7000)).toEqual([]);
  });

  it("find one second of a year without making all of them", () => {
    const rule = (position: number): Schedule => ({
      rrule: `DTSTART:20200101T000000\nRRULE:FREQ=YEARLY;BYDAY=MO,TU;BYSETPOS=${position};${EACH_SECOND}`,
      timezone: "UTC",
    });
    // The first Monday or Tuesday of each year, and the last.
    expect(short(first(rule(1), "2026-11-21T00:00:00Z", 50)).slice(0, 2)).toEqual([
      "2027-01-04T00:00",
      "2028-01-03T00:00",
    ]);
    expect(first(rule(-1), "2026-11-21T00:00:00Z", 50)[0]).toBe("2026-12-29T23:59:59.000000Z");
  });

  it("without a start begin in 2020", () => {
    expect(short(first({ rrule: "FREQ=DAILY;COUNT=2", timezone: null }, "2019-01-01T00:00:00Z", 5))).toEqual([
      "2020-01-01T00:00",
      "2020-01-02T00:00",
    ]);
  });
});

describe("the next times", () => {
  const now = "2026-11-21T12:00:00.000000Z";
  const horizon = { minRuns: 3, minSeconds: 3600, maxRuns: 100, until: addSeconds(now, 100 * 86_400) };
  const every = (seconds: number): Schedule => ({ interval: seconds, anchor_date: now, timezone: "UTC" });

  it.each([
    ["three of a daily schedule", every(86_400), 3],
    ["an hour's worth of a schedule of minutes", every(900), 5],
    ["no more than a hundred", every(10), 100],
    ["none beyond a hundred days", every(60 * 86_400), 2],
  ])("are %s", (_, schedule, count) => {
    expect(nextTimes(schedule, now, horizon)).toHaveLength(count);
  });

  it("are none when none are wanted", () => {
    expect(nextTimes(every(10), now, { ...horizon, maxRuns: 0 })).toEqual([]);
  });
});
