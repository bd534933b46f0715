/** JSON that is already text: a document column goes from the row into the answer as it is, unread. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For whoever meets it in JSON.stringify after all. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

const keys = new Map<string, string>();

/** JSON.stringify for answers: plain objects, lists, primitives, bigints and JsonText. What is `undefined` is left out. */
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
  let known = keys.get(key);
  if (known === undefined) {
    known = `${JSON.stringify(key)}:`;
    // Keys of answers are few; keys of users' documents may be any.
    if (keys.size < 2000) keys.set(key, known);
  }
  return known;
}
