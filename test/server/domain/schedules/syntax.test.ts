import { describe, expect, it } from "vitest";
import { readCron } from "../../../../server/domain/schedules/cron-expression.ts";
import { readDuration } from "../../../../server/domain/schedules/duration.ts";
import { withStart } from "../../../../server/domain/schedules/rrule-anchor.ts";
import { RruleProblem, readRrule } from "../../../../server/domain/schedules/rrule-text.ts";
import cron from "../../../fixtures/schedules/cron-syntax.json" with { type: "json" };
import rrule from "../../../fixtures/schedules/rrule-syntax.json" with { type: "json" };

describe("cron expressions", () => {
  it("are taken exactly when Prefect takes them", () => {
    const judged = (cron as [string, boolean][]).map(([text]) => [text, readCron(text) !== undefined]);
    expect(judged).toEqual(cron);
  });

  it.each(["r * * * *", "r/5 * * * *", "r(0-10) * * * *"])("are not drawn by lot: %s", (text) => {
    expect(readCron(text)).toBeUndefined();
  });
});

describe("recurrence rules", () => {
  const now = "2026-11-21T10:15:30.000000Z";

  /** As it is stored; `undefined`: refused. */
  function stored(text: string): string | undefined {
    try {
      const settled = withStart(text, "America/New_York", now);
      readRrule(settled);
      return settled;
    } catch (error) {
      if (error instanceof RruleProblem) return undefined;
      throw error;
    }
  }

  it("are taken and stored as Prefect does", () => {
    const rows = rrule as unknown as [string, boolean, string?][];
    const judged = rows.map(([text]) => [text, stored(text)]);
    expect(judged).toEqual(rows.map(([text, , settled]) => [text, settled]));
  });

  it.each(["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;UNTIL=2027", "FREQ=DAILY;COUNT=-1"])(
    "that dateutil would not come to an end with, or guess about, are refused: %s",
    (text) => {
      expect(stored(text)).toBeUndefined();
    },
  );
});

describe("durations", () => {
  it.each([
    [0.5, 0.5],
    ["PT15M", 900],
    ["P1DT2H", 93_600],
    ["P2W", 1_209_600],
    ["-PT1.5S", -1.5],
    ["01:30:00", 5400],
    ["1 day, 2:00:00", 93_600],
    ["2 days 00:00:01.5", 172_801.5],
    [0.0000001, 0],
  ])("reads %s as %s seconds", (text, seconds) => {
    expect(readDuration(text)).toBe(seconds);
  });

  it.each(["", "P", "PT", "x", "25:00:00", "3600", Number.POSITIVE_INFINITY, 1e20])("refuses %s", (text) => {
    expect(readDuration(text)).toBeUndefined();
  });
});
