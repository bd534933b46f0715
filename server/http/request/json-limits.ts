import { endOfString } from "../../values/json.ts";

/** Limits for JSON from clients: of its text before it is parsed, and of a parsed value before it is shown again. */

/** Deepest nesting of a body that is parsed. Python's parser, behind the real server, stops at about twice this depth. */
const MAX_DEPTH = 500;
/** Most values in a body (lists, objects and their members): a few bytes of text can take a hundred bytes of memory. */
const MAX_VALUES = 1_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;

/** Which limit a JSON text exceeds. Deeper nesting would overflow the stack of the recursive functions that write, check and compare
 *  documents. `undefined`: none. Does not check that the text is valid JSON. */
export function limitExceeded(json: string): "depth" | "values" | undefined {
  if (json.length <= 2 * MAX_DEPTH) return undefined;
  let depth = 0;
  let values = 0;
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) index = endOfString(json, index);
    else if (code === COMMA) values += 1;
    // { and [, then } and ]: they differ from each other in one bit.
    else if ((code & 0xdf) === 0x5b) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) return "depth";
      if (values > MAX_VALUES) return "values";
    } else if ((code & 0xdf) === 0x5d) depth -= 1;
  }
  return values > MAX_VALUES ? "values" : undefined;
}

/** This many characters of text count as one value. */
const CHARACTERS_PER_VALUE = 32;

/** Whether a parsed JSON value holds at most `limit` values; long text counts as several. Stops at the limit, so it is cheap for values of
 *  any size. */
export function isSmall(value: unknown, limit = 5000): boolean {
  const pending: unknown[] = [value];
  let size = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    size += typeof next === "string" ? 1 + next.length / CHARACTERS_PER_VALUE : 1;
    if (size > limit) return false;
    if (typeof next !== "object" || next === null) continue;
    if (Array.isArray(next)) {
      if (next.length > limit) return false;
      pending.push(...next);
    } else {
      let members = 0;
      for (const name in next) {
        members += 1 + name.length / CHARACTERS_PER_VALUE;
        if (members > limit) return false;
        pending.push((next as Record<string, unknown>)[name]);
      }
    }
  }
  return true;
}
