import { isObject, type Json } from "../../../schema/json.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";

/** Removes possible secrets from a text of the server or of the connection. */
export type Redact = (text: string, request?: { body?: Json | undefined }) => string;

const MASK = "[redacted]";
/** Shorter values are no secrets, and redacting them would remove half of every message. */
const MIN_LENGTH = 4;
/** So many characters of a long value are redacted, too: servers shorten what they quote. */
const CHUNK = 16;
/** Properties of a body that identify the object: never redacted. */
const IDENTITY = new Set(["name", "tag", "type"]);
/** Words of JSON Schema, which templates and messages about templates are full of: never redacted. */
const SCHEMA_WORDS = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "object",
  "array",
  "null",
  "true",
  "false",
  "none",
]);

/** Creates the function that redacts all credentials of the configuration and every value of a request's body. Values are found as
 *  they are, as JSON and Python escape them, and in chunks of 16 characters. */
export function createRedact(
  settings: Pick<ResolvedSettings, "apiKey" | "authString" | "customHeaders" | "api">,
): Redact {
  const credentials = credentialsOf(settings).sort(byLength);
  return (text, request) => {
    let redacted = text;
    for (const credential of credentials) redacted = redacted.replaceAll(credential, MASK);
    const values = request?.body === undefined ? [] : leavesOf(request.body);
    return values.length === 0 ? redacted : redactValues(redacted, values);
  };
}

function credentialsOf({ apiKey, authString, customHeaders, api }: Parameters<typeof createRedact>[0]): string[] {
  const found = new Set<string>();
  if (apiKey !== undefined) found.add(apiKey);
  for (const auth of [authString, api.authString]) {
    if (auth === undefined) continue;
    found.add(auth).add(Buffer.from(auth).toString("base64"));
    const password = auth.slice(auth.indexOf(":") + 1);
    if (password.length >= MIN_LENGTH) found.add(password).add(encodeURIComponent(password));
  }
  for (const value of Object.values(customHeaders)) {
    if (value.length >= MIN_LENGTH) found.add(value);
    // "Bearer abc": only the part after the scheme is secret.
    const token = value.split(" ").at(-1) ?? "";
    if (token.length >= MIN_LENGTH) found.add(token);
  }
  return [...found].filter((text) => text !== "").flatMap(escapedForms);
}

function leavesOf(body: Json): string[] {
  const found = new Set<string>();
  const visit = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value as { [key: string]: Json }).forEach(visit);
    else if (value !== null && typeof value !== "boolean") {
      const text = String(value);
      if (text.length >= MIN_LENGTH && !SCHEMA_WORDS.has(text.toLowerCase())) found.add(text);
    }
  };
  if (!isObject(body)) visit(body);
  else for (const [key, value] of Object.entries(body as { [key: string]: Json })) if (!IDENTITY.has(key)) visit(value);
  return [...found].flatMap(escapedForms);
}

function redactValues(text: string, values: string[]): string {
  const hidden = new Uint8Array(text.length);
  for (const value of values) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      if (value.length >= 8 || isWholeWord(text, at, value)) hidden.fill(1, at, at + value.length);
    }
  }
  const chunks = new Map<string, number[]>();
  for (let at = 0; at + CHUNK <= text.length; at++) {
    const chunk = text.slice(at, at + CHUNK);
    chunks.set(chunk, [...(chunks.get(chunk) ?? []), at]);
  }
  for (const value of values) {
    for (let at = 0; at + CHUNK <= value.length; at++) {
      for (const where of chunks.get(value.slice(at, at + CHUNK)) ?? []) hidden.fill(1, where, where + CHUNK);
    }
  }
  let redacted = "";
  for (let at = 0; at < text.length; at++) {
    if (hidden[at] === 0) redacted += text[at];
    else if (at === 0 || hidden[at - 1] === 0) redacted += MASK;
  }
  return redacted;
}

/** Whether the value is a whole word there: "base" is not in "database". */
function isWholeWord(text: string, at: number, value: string): boolean {
  const inOneWord = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && /^\w\w$/.test(a + b);
  return !inOneWord(text[at - 1], value[0]) && !inOneWord(value.at(-1), text[at + value.length]);
}

/** The text itself, and as JSON and Python's `repr` escape it. */
function escapedForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const python = text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
  return [...new Set([text, json, python])];
}

function byLength(a: string, b: string): number {
  return b.length - a.length;
}

/** The keys and the punctuation of JSON, or of the beginning of JSON, without its values. */
export function outline(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*(?:"(\s*:)?|$)/gs, (match, colon: string | undefined) =>
      colon === undefined ? '"…"' : match,
    )
    .replace(/([:[,]\s*)-?\d[\d.eE+-]*/g, "$1…");
}

export function shortened(text: string, maxLength = 300): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength)}… (${line.length} characters)`;
}
