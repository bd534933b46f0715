import { definedKeys, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";

/** Prefect answers in Python's own spelling of values; clients and their users know the texts by it. */

/** Python's `repr` of a JSON value. */
export function repr(value: Plan): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === UNKNOWN) return "<unknown>";
  if (typeof value === "number") return reprNumber(value);
  if (typeof value === "string") return reprString(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (!isObject(value)) return "<unknown>";
  const object: PlanObject = value;
  const entries = definedKeys(object).map((key) => `${reprString(key)}: ${repr(object[key] as Plan)}`);
  return `{${entries.join(", ")}}`;
}

/** Whole numbers print as integers: JavaScript does not remember whether `1` was written `1.0`. From 1e21 on it writes them with an
 *  exponent itself, and so Python reads a float. */
export function reprNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString();
  const [digits = "", exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4) return String(value);
  return `${digits}e-${String(-power).padStart(2, "0")}`;
}

export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const character of text) {
    if (character === quote || character === "\\") out += `\\${character}`;
    else out += printable(character) ? character : escaped(character);
  }
  return out + quote;
}

const printable = (character: string): boolean => character === " " || !/[\p{C}\p{Z}]/u.test(character);

function escaped(character: string): string {
  const simple = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  if (simple !== undefined) return simple;
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** Python's order of strings: by code point, where JavaScript's goes by UTF-16 unit. */
export function compareText(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
