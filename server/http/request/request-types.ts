import { z } from "zod";
import { parseTimestamp, type Timestamp } from "../../values/timestamp.ts";
import { normalizeUuid } from "../../values/uuid.ts";
import type { ValidationIssue } from "./validation-error.ts";

/** The types of fields in requests. They accept what pydantic accepts in its lax mode (`"5"` and `5.0` for an integer, `"yes"` for a
 *  flag, a UUID without dashes), and refuse in pydantic's own words. JSON Schema for the OpenAPI document comes along as `meta`. */

type Read<T> = (value: unknown, refused: typeof refuse) => T | Refused;

export class Refused {
  readonly issue: ValidationIssue;
  constructor(issue: ValidationIssue) {
    this.issue = issue;
  }
}

export function refuse(type: string, msg: string, ctx?: Record<string, unknown>): Refused {
  return new Refused({ type, msg, ctx });
}

/** The error of a validator that Prefect wrote itself. Its `ctx` is the exception, which serializes to `{}`. */
export function valueError(text: string): Refused {
  return refuse("value_error", `Value error, ${text}`, { error: {} });
}

export interface JsonSchema {
  [key: string]: unknown;
}

/** A request type, from a function that reads or refuses. An absent value is refused as `missing`: `.optional()` and `.default()` of zod
 *  come before it. `exact`: `read` gets long integers as bigints (values/json.ts); otherwise as the nearest number. */
export function requestType<T>(schema: JsonSchema, read: Read<T>, { exact = false } = {}) {
  return z
    .unknown()
    .transform((raw, context): T => {
      const value = typeof raw === "bigint" && !exact ? Number(raw) : raw;
      const result = value === undefined ? MISSING : read(value, refuse);
      if (!(result instanceof Refused)) return result;
      const { msg, ...params } = result.issue;
      context.issues.push({ code: "custom", input: value, message: msg, params });
      return z.NEVER;
    })
    .meta(schema);
}

const MISSING = refuse("missing", "Field required");

export interface TextRules {
  pattern?: RegExp;
  /** The pattern as upstream spells it, in messages and in the OpenAPI document. */
  patternText?: string;
  minLength?: number;
  maxLength?: number;
  /** Rules that JSON Schema can't express, before and after the others. They return an error message, or `undefined` for a valid text. */
  checkFirst?: (value: string) => string | undefined;
  check?: (value: string) => string | undefined;
}

export function text(rules: TextRules = {}) {
  const { pattern, patternText = pattern?.source, minLength, maxLength, checkFirst, check } = rules;
  const schema: JsonSchema = { type: "string", pattern: patternText, minLength, maxLength };
  return requestType(dropUndefined(schema), (value) => {
    if (typeof value !== "string") return refuse("string_type", "Input should be a valid string");
    if (!value.isWellFormed()) {
      return refuse("string_unicode", "Input should be a valid string, unable to parse raw data as a unicode string");
    }
    // PostgreSQL can't store it in text.
    if (value.includes("\u0000")) return valueError("must not contain a NUL character");
    const firstError = checkFirst?.(value);
    if (firstError !== undefined) return valueError(firstError);
    if (minLength !== undefined && value.length < minLength) {
      return refuse(
        "string_too_short",
        `String should have at least ${minLength} character${minLength === 1 ? "" : "s"}`,
        {
          min_length: minLength,
        },
      );
    }
    if (maxLength !== undefined && value.length > maxLength) {
      return refuse("string_too_long", `String should have at most ${maxLength} characters`, { max_length: maxLength });
    }
    if (pattern !== undefined && !pattern.test(value)) {
      return refuse("string_pattern_mismatch", `String should match pattern '${patternText}'`, {
        pattern: patternText,
      });
    }
    const error = check?.(value);
    return error === undefined ? value : valueError(error);
  });
}

/** A name, as most objects have it: not empty, without `/ % & < >`. */
export function name(rules: Pick<TextRules, "checkFirst"> = {}) {
  return text({ pattern: /^[^/%&><]+$/, patternText: "^[^/%&><]+$", ...rules });
}

export interface NumberRules {
  ge?: number;
  gt?: number;
  le?: number;
}

export function integer(rules: NumberRules = {}) {
  return requestType({ type: "integer", ...numberSchema(rules) }, (value) => {
    const number = readInteger(value);
    if (number instanceof Refused) return number;
    if (Math.abs(number) > MAX_INTEGER) return valueError("must fit into 32 bits");
    return within(number, rules);
  });
}

/** The columns of Prefect's databases hold 32 bits. */
const MAX_INTEGER = 2_147_483_647;

function readInteger(value: unknown): number | Refused {
  if (typeof value === "number") {
    if (Number.isInteger(value)) return value;
    if (Number.isFinite(value)) {
      return refuse("int_from_float", "Input should be a valid integer, got a number with a fractional part");
    }
    return refuse("finite_number", "Input should be a finite number");
  }
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") {
    const digits = value.trim();
    if (/^[+-]?\d+(\.0+)?$/.test(digits)) return Number(digits);
    return refuse("int_parsing", "Input should be a valid integer, unable to parse string as an integer");
  }
  return refuse("int_type", "Input should be a valid integer");
}

export function float(rules: NumberRules = {}) {
  return requestType({ type: "number", ...numberSchema(rules) }, (value) => {
    const number = readFloat(value);
    return number instanceof Refused ? number : within(number, rules);
  });
}

function readFloat(value: unknown): number | Refused {
  if (typeof value === "boolean") return value ? 1 : 0;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number") return refuse("float_type", "Input should be a valid number");
  if (Number.isNaN(number))
    return refuse("float_parsing", "Input should be a valid number, unable to parse string as a number");
  // Upstream accepts infinity, and fails when it writes the response.
  if (!Number.isFinite(number)) return refuse("finite_number", "Input should be a finite number");
  return number;
}

function within(number: number, { ge, gt, le }: NumberRules): number | Refused {
  if (ge !== undefined && number < ge) {
    return refuse("greater_than_equal", `Input should be greater than or equal to ${ge}`, { ge });
  }
  if (gt !== undefined && number <= gt) return refuse("greater_than", `Input should be greater than ${gt}`, { gt });
  if (le !== undefined && number > le) {
    return refuse("less_than_equal", `Input should be less than or equal to ${le}`, { le });
  }
  return number;
}

function numberSchema({ ge, gt, le }: NumberRules): JsonSchema {
  return dropUndefined({ minimum: ge, exclusiveMinimum: gt, maximum: le });
}

const TRUE = new Set(["true", "t", "yes", "y", "on", "1"]);
const FALSE = new Set(["false", "f", "no", "n", "off", "0"]);

export function flag() {
  return requestType({ type: "boolean" }, (value) => {
    if (typeof value === "boolean") return value;
    if (typeof value !== "string" && typeof value !== "number") {
      return refuse("bool_type", "Input should be a valid boolean");
    }
    const word = String(value).toLowerCase();
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
    return refuse("bool_parsing", "Input should be a valid boolean, unable to interpret input");
  });
}

export function uuid() {
  return requestType({ type: "string", format: "uuid" }, (value) => {
    if (typeof value !== "string") return refuse("uuid_type", "UUID input should be a string, bytes or UUID object");
    return (
      normalizeUuid(value) ?? refuse("uuid_parsing", "Input should be a valid UUID", { error: "not a valid UUID" })
    );
  });
}

export function timestamp() {
  return requestType<Timestamp>({ type: "string", format: "date-time" }, (value) => {
    if (typeof value !== "string" && typeof value !== "number") {
      return refuse("value_error", "value is not a valid datetime");
    }
    return parseTimestamp(value) ?? valueError(`Unable to parse string [${value}]`);
  });
}

/** One of a few words: an enumeration in upstream. */
export function oneOf<const W extends string>(...words: [W, ...W[]]) {
  return wordType<W>("enum", words);
}

/** One of a few words: a `Literal` in upstream, for which pydantic has another error type. */
export function literal<const W extends string>(...words: [W, ...W[]]) {
  return wordType<W>("literal_error", words);
}

function wordType<W extends string>(type: string, words: readonly W[]) {
  const known = new Set<unknown>(words);
  const quoted = words.map((word) => `'${word}'`);
  const list = quoted.length === 1 ? quoted[0] : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return requestType<W>({ type: "string", enum: words }, (value) =>
    known.has(value) ? (value as W) : refuse(type, `Input should be ${list}`, { expected: list }),
  );
}

/** A JSON object of any shape: a user's document, not copied. */
export function document() {
  return requestType({ type: "object", additionalProperties: true }, (value) =>
    isDocument(value) ? value : refuse("dict_type", "Input should be a valid dictionary"),
  );
}

/** Any JSON value, null included. `check` returns an error message, or `undefined` for a valid value. */
export function anyJson(check?: (value: unknown) => string | undefined) {
  const read: Read<unknown> = (value) => {
    const error = check?.(value);
    return error === undefined ? value : valueError(error);
  };
  return requestType({}, read, { exact: true });
}

export function isDocument(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function dropUndefined(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
