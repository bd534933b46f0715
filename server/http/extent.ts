/** Deepest nesting of a body that is read. Python's parser, behind the real server, ends at about twice as much. */
const DEEPEST = 500;
/** Most values in a body, lists and objects and what is in them: a few bytes of text may become a hundred of memory. */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** Whether JSON text nests deeper than anything here wants to recurse into (what writes, checks and compares documents goes down with
 *  them, and would end in a stack overflow), or holds more values than anybody means to send. */
export function excess(json: string): "depth" | "values" | undefined {
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

/** The index of the quote that ends a text which starts at `start`. */
function endOfText(json: string, start: number): number {
  for (let from = start + 1; ; ) {
    const end = json.indexOf('"', from);
    if (end === -1) return json.length;
    let escapes = end;
    while (json.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    // An even number of backslashes before it are escapes of each other.
    if ((end - escapes) % 2 === 0) return end;
    from = end + 1;
  }
}
