import { endOfText } from "../../values/json.ts";

/** Deepest nesting of a body that is read. Python's parser, behind the real server, ends at about twice as much. */
const DEEPEST = 500;
/** Most values in a body, lists and objects and what is in them: a few bytes of text may become a hundred of memory. */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;

/** Whether JSON text nests deeper than anything here wants to recurse into (what writes, checks and compares documents goes down with
 *  them, and would end in a stack overflow), or holds more values than anybody means to send. */
export function limitExceeded(json: string): "depth" | "values" | undefined {
  if (json.length <= 2 * DEEPEST) return undefined;
  let depth = 0;
  let values = 0;
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) index = endOfText(json, index);
    else if (code === COMMA) values += 1;
    // { and [, then } and ]: they differ from each other in one bit.
    else if ((code & 0xdf) === 0x5b) {
      depth += 1;
      values += 1;
      if (depth > DEEPEST) return "depth";
      if (values > MOST_VALUES) return "values";
    } else if ((code & 0xdf) === 0x5d) depth -= 1;
  }
  return values > MOST_VALUES ? "values" : undefined;
}
