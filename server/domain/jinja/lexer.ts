import { numberAt, unescaped } from "./literals.ts";
import { TemplateError } from "./template-error.ts";

/** Splits a template into tokens. Source: jinja2/lexer.py, with the settings that Prefect uses, which are the defaults. */

export interface Token {
  line: number;
  type: string;
  /** Of strings: what is between the quotes. */
  value: string;
}

const OPERATORS = new Map(
  Object.entries({
    "+": "add",
    "-": "sub",
    "/": "div",
    "//": "floordiv",
    "*": "mul",
    "%": "mod",
    "**": "pow",
    "~": "tilde",
    "[": "lbracket",
    "]": "rbracket",
    "(": "lparen",
    ")": "rparen",
    "{": "lbrace",
    "}": "rbrace",
    "==": "eq",
    "!=": "ne",
    ">": "gt",
    ">=": "gteq",
    "<": "lt",
    "<=": "lteq",
    "=": "assign",
    ".": "dot",
    ":": "colon",
    "|": "pipe",
    ",": "comma",
    ";": "semicolon",
  }),
);
const SIGNS = new Map([...OPERATORS].map(([sign, type]) => [type, sign]));
const CLOSED_BY = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
const CLOSINGS = new Set(CLOSED_BY.values());

const WORDS: Record<string, string> = {
  block_begin: "begin of statement block",
  block_end: "end of statement block",
  variable_begin: "begin of print statement",
  variable_end: "end of print statement",
  data: "template data / text",
  eof: "end of template",
};

/** How Jinja calls a kind of token. */
export function describeType(type: string): string {
  return SIGNS.get(type) ?? WORDS[type] ?? type;
}

export function describe(token: Token): string {
  return token.type === "name" ? token.value : describeType(token.type);
}

// White space by Python's definition, which is not quite JavaScript's.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const at = (source: string, flags = "") => new RegExp(source, `uy${flags}`);

const OPENING = new RegExp(`\\{%[-+]?${SPACE}*raw${SPACE}*(?:-%\\}${SPACE}*|%\\})|\\{[%{#][-+]?`, "ug");
const END_OF_RAW = new RegExp(`\\{%([-+]?)${SPACE}*endraw${SPACE}*(?:\\+%\\}|-%\\}${SPACE}*|%\\})`, "ug");
const END_OF_COMMENT = new RegExp(`\\+#\\}|-#\\}${SPACE}*|#\\}`, "ug");
const ENDS = {
  block: { type: "block_end", pattern: at(`\\+%\\}|-%\\}${SPACE}*|%\\}`) },
  variable: { type: "variable_end", pattern: at(`-\\}\\}${SPACE}*|\\}\\}`) },
};
const SPACES = at(`${SPACE}+`);
const NAME = at("[\\p{L}\\p{N}\\p{XID_Continue}_]+");
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** Generated lazily. Throws: TemplateError. */
export function* tokens(template: string): Generator<Token, void> {
  const source = template.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let line = 1;
  let index = 0;
  while (index < source.length) {
    OPENING.lastIndex = index;
    const opening = OPENING.exec(source);
    const text = source.slice(index, opening?.index);
    const data = opening?.[0][2] === "-" ? withoutSpacesBehind(text) : text;
    if (data !== "") yield { line, type: "data", value: data };
    if (opening === null) return;
    line += linesIn(text);
    index = OPENING.lastIndex;
    const kind = opening[0][1];
    if (kind === "#" || opening[0].length > 3) {
      const raw = kind === "%";
      line += linesIn(opening[0]);
      // An opening at the very end needs no closing, as in Jinja.
      if (index === source.length) return;
      const end = raw ? END_OF_RAW : END_OF_COMMENT;
      end.lastIndex = index;
      const found = end.exec(source);
      if (found === null) {
        throw new TemplateError(line, raw ? "Missing end of raw directive" : "Missing end of comment tag");
      }
      const inside = source.slice(index, found.index);
      if (raw && inside !== "") {
        yield { line, type: "data", value: found[1] === "-" ? withoutSpacesBehind(inside) : inside };
      }
      line += linesIn(inside) + linesIn(found[0]);
      index = end.lastIndex;
    } else {
      ({ line, index } = yield* tagTokens(source, index, line, kind === "%" ? "block" : "variable"));
    }
  }
}

/** From behind the opening to behind the end. */
function* tagTokens(
  source: string,
  start: number,
  startLine: number,
  tag: keyof typeof ENDS,
): Generator<Token, { line: number; index: number }> {
  const open: string[] = [];
  let line = startLine;
  let index = start;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index;
    return pattern.exec(source)?.[0];
  };
  yield { line, type: `${tag}_begin`, value: "" };
  while (index < source.length) {
    const end = open.length === 0 ? take(ENDS[tag].pattern) : undefined;
    if (end !== undefined) {
      yield { line, type: ENDS[tag].type, value: end };
      return { line: line + linesIn(end), index: index + end.length };
    }
    const spaces = take(SPACES);
    if (spaces !== undefined) {
      line += linesIn(spaces);
      index += spaces.length;
      continue;
    }
    const { type, end: next } = wordAt(source, index) ?? failAtLetter(source, index, line);
    const value = source.slice(index, next);
    if (CLOSED_BY.has(value) || CLOSINGS.has(value)) balance(open, value, line);
    if (type === "name" && !IDENTIFIER.test(value)) throw new TemplateError(line, "Invalid character in identifier");
    yield { line, type, value: type === "string" ? unescaped(value.slice(1, -1), line) : value };
    line += linesIn(value);
    index = next;
  }
  return { line, index };
}

/** The type and end of the token at an index. By hand where a pattern would backtrack for every character. */
function wordAt(source: string, index: number): { type: string; end: number } | undefined {
  const number = numberAt(source, index);
  if (number !== undefined) return number;
  NAME.lastIndex = index;
  if (NAME.test(source)) return { type: "name", end: NAME.lastIndex };
  const string = endOfString(source, index);
  if (string !== undefined) return { type: "string", end: string };
  for (const length of [2, 1]) {
    const type = OPERATORS.get(source.slice(index, index + length));
    if (type !== undefined) return { type, end: index + length };
  }
  return undefined;
}

function endOfString(source: string, start: number): number | undefined {
  const quote = source[start];
  if (quote !== "'" && quote !== '"') return undefined;
  for (let index = start + 1; index < source.length; index++) {
    if (source[index] === quote) return index + 1;
    if (source[index] === "\\") index += 1;
  }
  return undefined;
}

function failAtLetter(source: string, index: number, line: number): never {
  const position = [...source.slice(0, index)].length;
  throw new TemplateError(line, `unexpected char ${represent(source, index)} at ${position}`);
}

function balance(open: string[], sign: string, line: number): void {
  const closing = CLOSED_BY.get(sign);
  if (closing !== undefined) open.push(closing);
  else {
    const expected = open.pop();
    if (expected === undefined) throw new TemplateError(line, `unexpected '${sign}'`);
    if (expected !== sign) throw new TemplateError(line, `unexpected '${sign}', expected '${expected}'`);
  }
}

/** A character as Python's repr shows it. */
function represent(source: string, index: number): string {
  const letter = String.fromCodePoint(source.codePointAt(index) ?? 0);
  if (letter === "'") return `"'"`;
  if (letter === "\\") return "'\\\\'";
  const code = letter.codePointAt(0) ?? 0;
  if (/[\p{L}\p{N}\p{M}\p{P}\p{S}]/u.test(letter)) return `'${letter}'`;
  const hex = code.toString(16);
  if (code < 0x100) return `'\\x${hex.padStart(2, "0")}'`;
  return code < 0x10000 ? `'\\u${hex.padStart(4, "0")}'` : `'\\U${hex.padStart(8, "0")}'`;
}

function linesIn(text: string): number {
  let count = 0;
  for (let found = text.indexOf("\n"); found !== -1; found = text.indexOf("\n", found + 1)) count++;
  return count;
}

const ONE_SPACE = new RegExp(SPACE, "u");

function withoutSpacesBehind(text: string): string {
  let end = text.length;
  while (end > 0 && ONE_SPACE.test(text[end - 1] as string)) end -= 1;
  return text.slice(0, end);
}
