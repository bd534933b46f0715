import { type Answer, isPattern } from "./python-regex/match.ts";

/** The formats that a Prefect server's `jsonschema` checks with what is installed beside it; all others always pass.
 *  `undefined`: not a format it knows. */
export function hasFormat(format: string, text: string): Answer | undefined {
  return CHECKS.get(format)?.(text);
}

const CHECKS = new Map<string, (text: string) => Answer>([
  ["email", (text) => text.includes("@")],
  ["idn-email", (text) => text.includes("@")],
  ["ipv4", isIpv4],
  ["ipv6", isIpv6],
  ["date", isDate],
  ["date-time", isDateTime],
  ["time", (text) => isDateTime(`1970-01-01T${text}`)],
  ["regex", isPattern],
  ["uuid", isUuid],
  ["json-pointer", isJsonPointer],
  ["relative-json-pointer", isRelativeJsonPointer],
  // The rules of IDNA fill a library of their own.
  ["idn-hostname", () => "unsure"],
]);

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  if (!/^[0-9A-Fa-f:.]+$/.test(text)) return false;
  const last = text.slice(text.lastIndexOf(":") + 1);
  if (last.includes(".") && !isIpv4(last)) return false;
  const groups = (last.includes(".") ? `${text.slice(0, -last.length)}0:0` : text).split(":");
  if (groups.length < 3 || groups.length > 9 || groups.some((group) => !/^[0-9A-Fa-f]{0,4}$/.test(group))) return false;
  const gap = groups.findIndex((group, index) => group === "" && index > 0 && index < groups.length - 1);
  const innerGaps = groups.filter((group, index) => group === "" && index > 0 && index < groups.length - 1).length;
  if (innerGaps > 1) return false;
  const leading = groups[0] === "";
  const trailing = groups.at(-1) === "";
  if (leading && gap !== 1) return false;
  if (trailing && gap !== groups.length - 2) return false;
  if (gap === -1) return groups.length === 8;
  const present = groups.length - 1 - (leading ? 1 : 0) - (trailing ? 1 : 0);
  return present < 8;
}

function isDate(text: string): boolean {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}

/** rfc3339_validator: no leap second, any case, and a newline at the end passes. */
function isDateTime(text: string): boolean {
  const match =
    /^([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\n?$/.exec(
      text.toUpperCase(),
    );
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** Python's `UUID(text)`, which takes prefixes and braces, and hyphens in their usual places. */
function isUuid(text: string): Answer {
  const hex = text
    .replaceAll("urn:", "")
    .replaceAll("uuid:", "")
    .replace(/^[{}]+|[{}]+$/g, "")
    .replaceAll("-", "");
  if ([...hex].length !== 32) return false;
  if (!/^[0-9a-f]{32}$/i.test(hex)) return /^[\s0-9a-f_+]+$/i.test(hex) || /[^\x20-\x7e]/.test(hex) ? "unsure" : false;
  return [8, 13, 18, 23].every((position) => text[position] === "-");
}

function isJsonPointer(text: string): boolean {
  return !/~(?:[^01]|$)/.test(text) && (text === "" || text.startsWith("/"));
}

function isRelativeJsonPointer(text: string): Answer {
  if (/[^\x20-\x7e]/.test(text)) return "unsure";
  const match = /^(?:0|[1-9][0-9]*)(?![0-9])/.exec(text);
  if (match === null) return false;
  const rest = text.slice(match[0].length);
  return rest === "#" || isJsonPointer(rest);
}
