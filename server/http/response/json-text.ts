/** JSON that is already text: a document column goes from the row into the response without being parsed. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For JSON.stringify. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

const keys = new Map<string, string>();

/** JSON.stringify for responses: plain objects, lists, primitives, bigints and JsonText. Members that are `undefined` are left out. */
export function writeJson(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "bigint") return String(value);
  if (value === null || value === undefined) return "null";
  if (value instanceof JsonText) return value.text;
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += text === "" ? writeJson(item) : `,${writeJson(item)}`;
    return `[${text}]`;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    text += text === "" ? writeKey(key) + writeJson(member) : `,${writeKey(key)}${writeJson(member)}`;
  }
  return `{${text}}`;
}

function writeKey(key: string): string {
  let text = keys.get(key);
  if (text === undefined) {
    text = `${JSON.stringify(key)}:`;
    // Keys of responses are few; keys of users' documents are unbounded.
    if (keys.size < 2000) keys.set(key, text);
  }
  return text;
}
