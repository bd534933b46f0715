import { addSeconds, epochMicroseconds, type Timestamp } from "../../values/timestamp.ts";

/** A time zone. Moments are seconds since 1970; wall times are local times, as seconds as if they were UTC. Both may have fractions. */
export interface Zone {
  /** The local time of a moment. */
  wallAt(moment: number): number;
  /** The moment of a local time. In a DST fold (clocks go back), `twice` chooses. In a DST gap (clocks go forward), it is taken as that much
   *  earlier (`back`) or later (`forth`). */
  momentOf(wall: number, choose: { twice: "first" | "second"; never: "back" | "forth" }): number;
}

const zones = new Map<string, Zone>();
const DAY = 86_400;

/** A zone by its IANA name, which must be valid (`zone-names.ts`). The empty name is UTC. */
export function zone(name: string): Zone {
  let known = zones.get(name);
  if (known === undefined) {
    known = name === "" || name === "UTC" ? utc : makeZone(name);
    zones.set(name, known);
  }
  return known;
}

const utc: Zone = { wallAt: (moment) => moment, momentOf: (wall) => wall };

function makeZone(name: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const wallAt = (moment: number): number => {
    const whole = Math.floor(moment);
    const match = SHOWN.exec(format.format(whole * 1000));
    if (match === null) throw new Error(`Intl shows the time in ${name} in an unknown form`);
    const [, month, day, year, era, hour, minute, second] = match;
    const date = new Date(0);
    date.setUTCFullYear(era === "B" ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
    date.setUTCHours(Number(hour), Number(minute), Number(second));
    return date.getTime() / 1000 + (moment - whole);
  };
  return {
    wallAt,
    momentOf(wall, { twice, never }) {
      // Offsets change at most once within two days.
      const before = wall - offsetAt(wallAt, wall - DAY);
      const after = wall - offsetAt(wallAt, wall + DAY);
      if (before === after) return before;
      const shownBefore = wallAt(before) === wall;
      const shownAfter = wallAt(after) === wall;
      if (shownBefore && shownAfter) return twice === "first" ? Math.min(before, after) : Math.max(before, after);
      if (shownBefore) return before;
      if (shownAfter) return after;
      return never === "back" ? Math.min(before, after) : Math.max(before, after);
    },
  };
}

/** `11/21/2026 A, 20:09:49`, as "en-US" writes it. */
const SHOWN = /^(\d+)\/(\d+)\/(\d+) ([AB])[A-Z]*, (\d+):(\d+):(\d+)$/;

function offsetAt(wallAt: Zone["wallAt"], moment: number): number {
  return wallAt(moment) - moment;
}

/** A moment as Python prints it in a time zone: `2026-11-21 15:09:49.387649-05:00`, without a fraction of zero. */
export function zonedText(time: Timestamp, zoneName: string): string {
  const moment = epochMicroseconds(time) / 1e6;
  const offset = Math.round(zone(zoneName).wallAt(moment) - moment);
  const shown = addSeconds(time, offset)
    .slice(0, -1)
    .replace("T", " ")
    .replace(/\.000000$/, "");
  const minutes = Math.abs(Math.trunc(offset / 60));
  const two = (value: number) => String(value).padStart(2, "0");
  return `${shown}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
