/** Reads a duration as pydantic reads a timedelta: seconds, `PT15M` (ISO 8601), `01:30:00`, `1 day, 2:00:00`. In seconds; finer than
 *  microseconds is rounded. `undefined`: not a duration. */
export function readDuration(input: number | string): number | undefined {
  const seconds = typeof input === "number" ? input : (readIso(input) ?? readClock(input));
  if (seconds === undefined || !Number.isFinite(seconds) || Math.abs(seconds) > MOST) return undefined;
  return Math.round(seconds * 1e6) / 1e6;
}

/** Python's longest. */
const MOST = 999_999_999 * 86_400;

const ISO =
  /^([+-])?P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

function readIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null || !/\d/.test(text)) return undefined;
  const [, sign, ...parts] = match;
  const units = [7 * 86_400, 86_400, 3600, 60, 1];
  const seconds = parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (units[index] as number), 0);
  return sign === "-" ? -seconds : seconds;
}

const CLOCK = /^([+-])?(?:(\d+) ?d(?:ays?)?,? ?)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?$/i;

function readClock(text: string): number | undefined {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) return undefined;
  const sum = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" ? -sum : sum;
}
