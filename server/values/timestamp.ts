/** A time in UTC, always in this form: `2026-11-21T20:09:49.387649Z` (27 characters). Text order is time order, in JavaScript and in both
 *  databases, and rows need no conversion for responses. */
export type Timestamp = string;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt _](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/;

/** Parses a time as Prefect's clients write it: RFC 3339, also with a space for the `T`, with any offset or none (then UTC), or
 *  seconds (or milliseconds, beyond 2e10) since 1970. Fractions are truncated to microseconds. `undefined`: not a time. */
export function parseTimestamp(raw: unknown): Timestamp | undefined {
  if (typeof raw === "number") return fromNumber(raw);
  if (typeof raw !== "string") return undefined;
  const match = ISO.exec(raw);
  if (match === null) return /^-?\d+(\.\d+)?$/.test(raw) ? fromNumber(Number(raw)) : undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset = "Z"] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const shift = offsetMinutes(offset);
  if (shift === undefined) return undefined;
  date.setUTCHours(Number(hour), Number(minute) - shift, Number(second));
  return withMicroseconds(date, fraction.slice(0, 6).padEnd(6, "0"));
}

export function fromEpochMicroseconds(microseconds: number): Timestamp {
  const seconds = Math.floor(microseconds / 1e6);
  return withMicroseconds(new Date(seconds * 1000), String(microseconds - seconds * 1e6).padStart(6, "0")) as Timestamp;
}

/** Microseconds since 1970. Exact until the year 2255. */
export function epochMicroseconds(timestamp: Timestamp): number {
  return Date.parse(`${timestamp.slice(0, 19)}Z`) * 1000 + Number(timestamp.slice(20, 26));
}

/** Adds seconds (which may be negative or fractional); the result stays within the years 1 to 9999. */
export function addSeconds(timestamp: Timestamp, seconds: number): Timestamp {
  const moved = epochMicroseconds(timestamp) + Math.round(seconds * 1e6);
  return fromEpochMicroseconds(Math.min(Math.max(moved, EARLIEST), LATEST));
}

/** Seconds from `start` to `end`; negative when `end` comes first. */
export function secondsBetween(start: Timestamp, end: Timestamp): number {
  return (epochMicroseconds(end) - epochMicroseconds(start)) / 1e6;
}

const EARLIEST = Date.parse("0001-01-01T00:00:00Z") * 1000;
const LATEST = Date.parse("9999-12-31T23:59:59Z") * 1000;

function fromNumber(epoch: number): Timestamp | undefined {
  if (!Number.isFinite(epoch)) return undefined;
  const seconds = Math.abs(epoch) > 2e10 ? epoch / 1000 : epoch;
  const microseconds = Math.round(seconds * 1e6);
  return microseconds < EARLIEST || microseconds > LATEST ? undefined : fromEpochMicroseconds(microseconds);
}

function offsetMinutes(offset: string): number | undefined {
  if (offset === "Z" || offset === "z") return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(":", "") || "0");
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function withMicroseconds(date: Date, six: string): Timestamp | undefined {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) return undefined;
  return `${date.toISOString().slice(0, 20)}${six}Z`;
}
