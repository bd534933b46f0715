import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addSeconds, epochMicroseconds, parseTimestamp, secondsBetween } from "../../../server/values/timestamp.ts";

describe("reading a moment", () => {
  it.each([
    ["2026-11-21T20:09:49.387649Z", "2026-11-21T20:09:49.387649Z"],
    ["2026-11-21 17:44:12.552055+00:00", "2026-11-21T17:44:12.552055Z"],
    ["2026-11-21T17:44:12", "2026-11-21T17:44:12.000000Z"],
    ["2026-11-21T17:44", "2026-11-21T17:44:00.000000Z"],
    ["2026-11-21", "2026-11-21T00:00:00.000000Z"],
    ["2026-11-21T01:00:00+02:00", "2026-11-20T23:00:00.000000Z"],
    ["2026-11-21T23:30:00-0130", "2026-11-22T01:00:00.000000Z"],
    ["2026-11-21T00:00:00.5z", "2026-11-21T00:00:00.500000Z"],
    ["2026-11-21T00:00:00.123456789Z", "2026-11-21T00:00:00.123456Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
    [0, "1970-01-01T00:00:00.000000Z"],
    [1_700_000_000.25, "2023-11-14T22:13:20.250000Z"],
    [1_700_000_000_250, "2023-11-14T22:13:20.250000Z"],
    [-1.5, "1969-12-31T23:59:58.500000Z"],
    ["1700000000", "2023-11-14T22:13:20.000000Z"],
  ])("%j is %s", (given, expected) => {
    expect(parseTimestamp(given)).toBe(expected);
  });

  it.each([
    "yesterday",
    "2026-02-30",
    "2026-13-01",
    "2026-11-21T24:00:00Z",
    "2026-11-21T00:60:00Z",
    "2026-11-21T00:00:00+25:00",
    "0001-01-01T00:00:00+01:00",
    "",
    Number.NaN,
    1e300,
    null,
    {},
  ])("%j is none", (given) => {
    expect(parseTimestamp(given)).toBeUndefined();
  });
});

describe("moments", () => {
  /** Years 1970 to 2200. */
  const moments = fc.integer({ min: 0, max: 7_258_118_400_000_000 });
  const textOf = (microseconds: number) => addSeconds("1970-01-01T00:00:00.000000Z", microseconds / 1e6);

  it("sort as text as they do in time", () => {
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        expect(textOf(a) < textOf(b)).toBe(epochMicroseconds(textOf(a)) < epochMicroseconds(textOf(b)));
      }),
    );
  });

  it("are read back as they are written", () => {
    fc.assert(
      fc.property(moments, (microseconds) => {
        expect(parseTimestamp(textOf(microseconds))).toBe(textOf(microseconds));
      }),
    );
  });

  it("are as far apart as they were moved", () => {
    const start = "2026-11-21T12:00:00.000001Z";
    expect(secondsBetween(start, addSeconds(start, 90_061.25))).toBe(90_061.25);
    expect(addSeconds(start, -0.000002)).toBe("2026-11-21T11:59:59.999999Z");
    expect(addSeconds("9999-12-31T00:00:00.000000Z", 1e9)).toBe("9999-12-31T23:59:59.000000Z");
  });
});
