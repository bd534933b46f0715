/** JSON without loss of precision. JavaScript's numbers round integers beyond 2^53, such as ids of other systems; here those are bigints
 *  as values, and digits in text. Users' documents are parsed and written only with these functions. */

declare global {
  interface JSON {
    /** Node has it; TypeScript's library does not declare it yet. */
    rawJSON(text: string): object;
  }
}

/** JSON.parse that keeps long integers. Throws: SyntaxError. */
export function parseJson(text: string): ReturnType<typeof JSON.parse> {
  const marked = LONG.test(text) ? markLongIntegers(text) : text;
  return marked === text ? JSON.parse(text) : unmarked(JSON.parse(marked));
}

/** JSON.stringify that writes bigints. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, each: unknown) =>
      typeof each === "bigint" ? JSON.rawJSON(String(each)) : each,
    );
  }
}

/** The same document with numbers in place of bigints: for validation, not for storage. */
export function plainNumbers<T>(value: T): T {
  return hasBigint(value) ? (JSON.parse(toJson(value)) as T) : value;
}

const LONG = /\d{16}/;
/** Python, behind the real server, parses no longer integers; the time to parse them is quadratic. */
const MAX_DIGITS = 4300;
/** A prefix that no other text has. */
const MARK = `\u0000${crypto.randomUUID()} `;
const QUOTED_MARK = JSON.stringify(MARK).slice(0, -1);

/** Replaces each long integer by a string that `unmarked` recognizes: a reviver with access to the source takes forty times as long.
 *  Only integers in the place of a value are replaced, so that invalid JSON stays invalid. */
function markLongIntegers(json: string): string {
  const found = /"|-?[1-9]\d{15,}/g;
  let marked = "";
  let done = 0;
  for (let match = found.exec(json); match !== null; match = found.exec(json)) {
    const { index, 0: token } = match;
    if (token === '"') found.lastIndex = endOfString(json, index) + 1;
    else if (token.length <= MAX_DIGITS && isValue(json, index, index + token.length) && isRounded(token)) {
      marked += `${json.slice(done, index)}${QUOTED_MARK}${token}"`;
      done = index + token.length;
    }
  }
  return marked + json.slice(done);
}

function isRounded(digits: string): boolean {
  return !Number.isSafeInteger(Number(digits));
}

/** Whether the text between is a whole value: after `[`, `,` or `:`, and before `,`, `]`, `}` or the end. */
function isValue(json: string, start: number, end: number): boolean {
  let before = start - 1;
  while (isBlank(json.charCodeAt(before))) before -= 1;
  let after = end;
  while (isBlank(json.charCodeAt(after))) after += 1;
  return (
    (before < 0 || "[,:".includes(json.charAt(before))) && (after >= json.length || ",]}".includes(json.charAt(after)))
  );
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function unmarked(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  // All are own members, also one with the name `__proto__`.
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (typeof member === "string" || typeof member === "object") members[key] = unmarked(member);
  }
  return value;
}

function hasBigint(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "bigint";
  return Object.values(value).some(hasBigint);
}

const BACKSLASH = 0x5c;

/** The index of the quote that ends the JSON string which starts at `start`. */
export function endOfString(json: string, start: number): number {
  for (let from = start + 1; ; ) {
    const end = json.indexOf('"', from);
    if (end === -1) return json.length;
    let escapes = end;
    while (json.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    // An even number of backslashes before the quote: they escape each other.
    if ((end - escapes) % 2 === 0) return end;
    from = end + 1;
  }
}
