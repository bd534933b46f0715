import { JinjaProblem } from "./problem.ts";

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

/** What stands between the quotes of a Python string; named letters stay as they are. Throws: JinjaProblem. */
export function unescaped(text: string, line: number): string {
  if (!text.includes("\\")) return text;
  return text.replace(ESCAPE, (sequence) => {
    const kind = sequence[1] ?? "";
    const rest = sequence.slice(2);
    const digits = HEX_DIGITS[kind];
    if (digits !== undefined) {
      if (rest.length < digits) throw new JinjaProblem(line, `truncated \\${kind}${"X".repeat(digits)} escape`);
      const code = Number.parseInt(rest, 16);
      if (code > 0x10ffff) throw new JinjaProblem(line, "illegal Unicode character");
      return String.fromCodePoint(code);
    }
    if (kind === "N" && !/^\{[^}]+\}$/.test(rest)) throw new JinjaProblem(line, "malformed \\N character escape");
    if (/[0-7]/.test(kind)) return String.fromCharCode(Number.parseInt(sequence.slice(1), 8));
    return LETTERS[kind] ?? sequence;
  });
}
