import { isObject, type Json } from "../../../schema/json.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";

/** Takes what may be a secret out of a text of the server or of the connection. */
export type Redact = (text: string, request?: { body?: Json | undefined }) => string;

const MASK = "[redacted]";
/** A shorter text would blank out half of every message, and is no secret. */
const SHORTEST = 4;
/** So much of a long value gives it away: servers shorten what they quote. */
const PIECE = 16;
/** Members of a request that say which object is meant. */
const NAMES = new Set(["name", "tag", "type"]);
/** Words of JSON Schema: templates are full of them, and so are messages about templates. */
const VOCABULARY = new Set([
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

/** Answers a function that blanks out all credentials of the configuration and every value of a request's documents. Values are
 *  found as they are, as JSON and Python spell them, and in pieces of 16 characters. */
export function redactor(settings: Pick<ResolvedSettings, "apiKey" | "authString" | "customHeaders" | "api">): Redact {
  const credentials = credentialsOf(settings).sort(byLength);
  return (text, request) => {
    let clean = text;
    for (const credential of credentials) clean = clean.replaceAll(credential, MASK);
    const values = request?.body === undefined ? [] : leavesOf(request.body);
    return values.length === 0 ? clean : withoutValues(clean, values);
  };
}

function credentialsOf({ apiKey, authString, customHeaders, api }: Parameters<typeof redactor>[0]): string[] {
  const found = new Set<string>();
  if (apiKey !== undefined) found.add(apiKey);
  for (const auth of [authString, api.authString]) {
    if (auth === undefined) continue;
    found.add(auth).add(Buffer.from(auth).toString("base64"));
    const password = auth.slice(auth.indexOf(":") + 1);
    if (password.length >= SHORTEST) found.add(password).add(encodeURIComponent(password));
  }
  for (const value of Object.values(customHeaders)) {
    if (value.length >= SHORTEST) found.add(value);
    // "Bearer abc": the part behind the scheme is what is secret.
    const token = value.split(" ").at(-1) ?? "";
    if (token.length >= SHORTEST) found.add(token);
  }
  return [...found].filter((text) => text !== "").flatMap(spellings);
}

function leavesOf(body: Json): string[] {
  const found = new Set<string>();
  const visit = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value as { [key: string]: Json }).forEach(visit);
    else if (value !== null && typeof value !== "boolean") {
      const text = String(value);
      if (text.length >= SHORTEST && !VOCABULARY.has(text.toLowerCase())) found.add(text);
    }
  };
  if (!isObject(body)) visit(body);
  else for (const [key, value] of Object.entries(body as { [key: string]: Json })) if (!NAMES.has(key)) visit(value);
  return [...found].flatMap(spellings);
}

function withoutValues(text: string, values: string[]): string {
  const hidden = new Uint8Array(text.length);
  for (const value of values) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      if (value.length >= 8 || standsAlone(text, at, value)) hidden.fill(1, at, at + value.length);
    }
  }
  const pieces = new Map<string, number[]>();
  for (let at = 0; at + PIECE <= text.length; at++) {
    const piece = text.slice(at, at + PIECE);
    pieces.set(piece, [...(pieces.get(piece) ?? []), at]);
  }
  for (const value of values) {
    for (let at = 0; at + PIECE <= value.length; at++) {
      for (const where of pieces.get(value.slice(at, at + PIECE)) ?? []) hidden.fill(1, where, where + PIECE);
    }
  }
  let clean = "";
  for (let at = 0; at < text.length; at++) {
    if (hidden[at] === 0) clean += text[at];
    else if (at === 0 || hidden[at - 1] === 0) clean += MASK;
  }
  return clean;
}

/** "base" is no part of "database". */
function standsAlone(text: string, at: number, value: string): boolean {
  const glued = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && /^\w\w$/.test(a + b);
  return !glued(text[at - 1], value[0]) && !glued(value.at(-1), text[at + value.length]);
}

/** A text as it is, as JSON writes it, and as Python's `repr` does. */
function spellings(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const python = text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
  return [...new Set([text, json, python])];
}

function byLength(a: string, b: string): number {
  return b.length - a.length;
}

/** JSON, or the beginning of JSON, without its values: what is left are the keys and the punctuation. */
export function outline(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*(?:"(\s*:)?|$)/gs, (match, colon: string | undefined) =>
      colon === undefined ? '"…"' : match,
    )
    .replace(/([:[,]\s*)-?\d[\d.eE+-]*/g, "$1…");
}

export function shortened(text: string, most = 300): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most)}… (${line.length} characters)`;
}
