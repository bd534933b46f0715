import { TemplateError } from "./template-error.ts";

const DIGITS = "\\d(?:_?\\d)*";
const FLOAT = new RegExp(`${DIGITS}(?:(?:\\.${DIGITS})?e[+-]?${DIGITS}|\\.${DIGITS})`, "iy");
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;

/** A number as Python writes it, with single underscores between digits, and where it ends. */
export function numberAt(source: string, index: number): { type: "integer" | "float"; end: number } | undefined {
  // What follows a dot is an index, not the rest of a number.
  const float = source[index - 1] === "." ? undefined : endOf(FLOAT, source, index);
  if (float !== undefined) return { type: "float", end: float };
  const integer = endOf(INTEGER, source, index);
  return integer === undefined ? undefined : { type: "integer", end: integer };
}

function endOf(pattern: RegExp, source: string, index: number): number | undefined {
  pattern.lastIndex = index;
  return pattern.test(source) ? pattern.lastIndex : undefined;
}

const LETTERS: Record<string, string> = {
  "\n": "",
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};
const HEX_DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 };
const ESCAPE = /\\(?:x[\da-fA-F]{0,2}|u[\da-fA-F]{0,4}|U[\da-fA-F]{0,8}|N(?:\{[^}]*\}?)?|[0-7]{1,3}|.)/gsu;

/** The value of a Python string literal, without its quotes; named characters stay as they are. Throws: TemplateError. */
export function unescaped(text: string, line: number): string {
  if (!text.includes("\\")) return text;
  return text.replace(ESCAPE, (sequence) => {
    const kind = sequence[1] ?? "";
    const rest = sequence.slice(2);
    const digits = HEX_DIGITS[kind];
    if (digits !== undefined) {
      if (rest.length < digits) throw new TemplateError(line, `truncated \\${kind}${"X".repeat(digits)} escape`);
      const code = Number.parseInt(rest, 16);
      if (code > 0x10ffff) throw new TemplateError(line, "illegal Unicode character");
      return String.fromCodePoint(code);
    }
    if (kind === "N" && !/^\{[^}]+\}$/.test(rest)) throw new TemplateError(line, "malformed \\N character escape");
    if (/[0-7]/.test(kind)) return String.fromCharCode(Number.parseInt(sequence.slice(1), 8));
    return LETTERS[kind] ?? sequence;
  });
}
