import {
  type CharacterItem,
  type Node,
  type Pattern,
  PatternError,
  UNBOUNDED,
  UnsurePattern,
  width,
} from "./syntax.ts";

/** Reads a pattern as CPython 3.11's `re` does (Lib/re/_parser.py), whose grammar differs from JavaScript's in both directions:
 *  `(?<n>a)`, `\p{L}`, `\z`, `[^]` and `\u{61}` are errors, `(?P<n>a)`, `a++` and `(?>a)` are not.
 *  Throws: PatternError when `re` refuses it, UnsurePattern when that cannot be told. */
export function parsePattern(source: string): Pattern {
  return new Parser(source).parse();
}

const DEEPEST = 100;
const MAX_REPEAT = 4_294_967_295;
const WHITESPACE = " \t\n\r\v\f";
const CLASSES = "dDsSwW";
const FLAG_LETTERS = "aimsuxLt";
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

const CONTROLS: { [letter: string]: number } = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

const POSITIONS: { [letter: string]: (Node & { is: "at" })["where"] } = {
  A: "start",
  Z: "end",
  b: "boundary",
  B: "no-boundary",
};

class Parser {
  private readonly characters: string[];
  private index = 0;
  private flags = "";
  private readonly names = new Map<string, number>();
  /** Widths by group number; `undefined` while a group is open. Group 0 is never closed. */
  private readonly widths: ({ min: number; max: number } | undefined)[] = [undefined];
  private lookBehindGroups: number | undefined;
  private highestCondition = 0;

  constructor(source: string) {
    this.characters = [...source];
    // A lone backslash at the end is an error wherever it stands.
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(source)) throw new PatternError("bad escape (end of pattern)");
  }

  parse(): Pattern {
    const body = this.alternatives(false, 0);
    if (this.next() !== undefined) throw new PatternError("unbalanced parenthesis");
    if (this.highestCondition >= this.widths.length) throw new PatternError("invalid group reference");
    if (this.flags.includes("a") && this.flags.includes("u")) throw new PatternError("incompatible flags");
    return { body, groups: this.widths.length, flags: this.flags };
  }

  /** The next character, or an escape of two characters. */
  private next(): string | undefined {
    const character = this.characters[this.index];
    return character === "\\" ? character + this.characters[this.index + 1] : character;
  }

  private take(): string | undefined {
    const token = this.next();
    if (token !== undefined) this.index += token.startsWith("\\") ? 2 : 1;
    return token;
  }

  private match(token: string): boolean {
    if (this.next() !== token) return false;
    this.take();
    return true;
  }

  private takeWhile(most: number, allowed: string): string {
    let taken = "";
    while (taken.length < most) {
      const token = this.next();
      if (token === undefined || !allowed.includes(token)) break;
      taken += this.take();
    }
    return taken;
  }

  private takeUntil(end: string): string {
    let taken = "";
    for (;;) {
      const token = this.take();
      if (token === undefined) throw new PatternError("unterminated name");
      if (token === end) break;
      taken += token;
    }
    if (taken === "") throw new PatternError("missing name");
    return taken;
  }

  private alternatives(verbose: boolean, nested: number): Node[] {
    if (nested > DEEPEST) throw new UnsurePattern("nested too deeply");
    const choices = [this.sequence(verbose, nested, nested === 0)];
    while (this.match("|")) {
      choices.push(this.sequence(nested === 0 ? this.flags.includes("x") : verbose, nested, false));
    }
    return choices.length === 1 ? (choices[0] as Node[]) : [{ is: "branch", choices }];
  }

  private sequence(startsVerbose: boolean, nested: number, first: boolean): Node[] {
    const nodes: Node[] = [];
    let verbose = startsVerbose;
    for (;;) {
      const token = this.next();
      if (token === undefined || token === "|" || token === ")") return nodes;
      this.take();
      if (verbose && WHITESPACE.includes(token)) continue;
      if (verbose && token === "#") {
        for (let skipped = this.take(); skipped !== undefined && skipped !== "\n"; ) skipped = this.take();
      } else if (token.startsWith("\\")) nodes.push(this.escape(token));
      else if (token === "[") nodes.push(this.characterSet());
      else if (token === ".") nodes.push({ is: "any" });
      else if (token === "^") nodes.push({ is: "at", where: "line-start" });
      else if (token === "$") nodes.push({ is: "at", where: "line-end" });
      else if (token === "(") {
        const node = this.group(verbose, nested, first && nodes.length === 0);
        if (node === "flags") verbose = this.flags.includes("x");
        else if (node !== "comment") nodes.push(node);
      } else if ("*+?{".includes(token)) this.repeat(token, nodes);
      else nodes.push(literal(token));
    }
  }

  private repeat(token: string, nodes: Node[]): void {
    const bounds = token === "{" ? this.bounds() : { min: token === "+" ? 1 : 0, max: token === "?" ? 1 : UNBOUNDED };
    if (bounds === undefined) {
      nodes.push(literal(token));
      return;
    }
    const item = nodes.pop();
    if (item === undefined || item.is === "at") throw new PatternError("nothing to repeat");
    if (item.is === "repeat") throw new PatternError("multiple repeat");
    const mode = this.match("?") ? "lazy" : this.match("+") ? "possessive" : "greedy";
    nodes.push({ is: "repeat", ...bounds, mode, body: [item] });
  }

  /** What follows `{`; `undefined` when it is plain text. */
  private bounds(): { min: number; max: number } | undefined {
    if (this.next() === "}") return undefined;
    const here = this.index;
    const low = this.takeWhile(UNBOUNDED, "0123456789");
    const high = this.match(",") ? this.takeWhile(UNBOUNDED, "0123456789") : low;
    if (!this.match("}")) {
      this.index = here;
      return undefined;
    }
    const min = low === "" ? 0 : Number(low);
    const max = high === "" ? UNBOUNDED : Number(high);
    if (min >= MAX_REPEAT || (high !== "" && max >= MAX_REPEAT)) throw new PatternError("repetition too large");
    if (max < min) throw new PatternError("min repeat greater than max repeat");
    return { min, max };
  }

  /** Escapes that mean one character, in and outside of sets. */
  private character(token: string): number | undefined {
    const letter = token.slice(1);
    const digits = { x: 2, u: 4, U: 8 }[letter];
    if (digits !== undefined) {
      const hex = this.takeWhile(digits, "0123456789abcdefABCDEF");
      const code = Number.parseInt(hex, 16);
      if (hex.length !== digits || code > 0x10ffff) throw new PatternError("incomplete or bad escape");
      return code;
    }
    if (letter === "N") throw new UnsurePattern("names of characters");
    if (/[0-9]/.test(letter)) return undefined;
    if (/[A-Za-z]/.test(letter)) throw new PatternError("bad escape");
    return letter.codePointAt(0);
  }

  private escape(token: string): Node {
    const letter = token.slice(1);
    const where = POSITIONS[letter];
    if (where !== undefined) return { is: "at", where };
    if (CLASSES.includes(letter)) return { is: "set", set: { negative: false, items: [{ class: letter }] } };
    const control = CONTROLS[letter];
    if (control !== undefined) return one(control);
    const code = this.character(token);
    if (code !== undefined) return one(code);
    if (letter === "0") return one(Number.parseInt(`0${this.takeWhile(2, "01234567")}`, 8));
    let digits = letter;
    if (/^[0-9]$/.test(this.next() ?? "")) {
      digits += this.take();
      if (/^[0-7]{2}$/.test(digits) && /^[0-7]$/.test(this.next() ?? "")) return one(octal(digits + this.take()));
    }
    const group = Number(digits);
    if (group >= this.widths.length) throw new PatternError("invalid group reference");
    this.mayRefer(group);
    return { is: "reference", group };
  }

  private mayRefer(group: number): void {
    if (this.widths[group] === undefined) throw new PatternError("cannot refer to an open group");
    if (this.lookBehindGroups !== undefined && group >= this.lookBehindGroups) {
      throw new PatternError("cannot refer to group defined in the same lookbehind subpattern");
    }
  }

  private characterSet(): Node {
    const negative = this.match("^");
    const items: CharacterItem[] = [];
    for (;;) {
      const token = this.take();
      if (token === undefined) throw new PatternError("unterminated character set");
      if (token === "]" && items.length > 0) return { is: "set", set: { negative, items } };
      const low = this.member(token);
      if (!this.match("-")) {
        items.push(low);
        continue;
      }
      const end = this.take();
      if (end === undefined) throw new PatternError("unterminated character set");
      if (end === "]") {
        items.push(low, { from: 45, to: 45 });
        return { is: "set", set: { negative, items } };
      }
      const high = this.member(end);
      if (!("from" in low) || !("from" in high) || high.from < low.from) throw new PatternError("bad character range");
      items.push({ from: low.from, to: high.from });
    }
  }

  private member(token: string): CharacterItem {
    if (!token.startsWith("\\")) return range(token.codePointAt(0) as number);
    const letter = token.slice(1);
    const control = CONTROLS[letter];
    if (control !== undefined) return range(control);
    if (CLASSES.includes(letter)) return { class: letter };
    const code = this.character(token);
    if (code !== undefined) return range(code);
    if (!/[0-7]/.test(letter)) throw new PatternError("bad escape");
    return range(octal(letter + this.takeWhile(2, "01234567")));
  }

  private group(verbose: boolean, nested: number, first: boolean): Node | "flags" | "comment" {
    let name: string | undefined;
    let kind: "capture" | "plain" | "atomic" = "capture";
    let on = "";
    let off = "";
    if (this.match("?")) {
      const token = this.take();
      if (token === undefined) throw new PatternError("unexpected end of pattern");
      if (token === "P") {
        if (this.match("=")) return this.namedReference();
        if (!this.match("<")) throw new PatternError("unknown extension");
        name = this.takeUntil(">");
        if (!IDENTIFIER.test(name)) throw new PatternError("bad character in group name");
        if (this.names.has(name)) throw new PatternError("redefinition of group name");
      } else if (token === "#") {
        for (let skipped = this.take(); skipped !== ")"; skipped = this.take()) {
          if (skipped === undefined) throw new PatternError("unterminated comment");
        }
        return "comment";
      } else if (token === "=" || token === "!" || token === "<") return this.look(token, verbose, nested);
      else if (token === "(") return this.condition(verbose, nested);
      else if (token === ":") kind = "plain";
      else if (token === ">") kind = "atomic";
      else if (token === "-" || FLAG_LETTERS.includes(token)) {
        const flags = this.inlineFlags(token);
        if (flags === "global") {
          if (!first) throw new PatternError("global flags not at the start of the expression");
          return "flags";
        }
        ({ on, off } = flags);
        kind = "plain";
      } else throw new PatternError("unknown extension");
    }
    const index = kind === "capture" ? this.widths.push(undefined) - 1 : undefined;
    if (name !== undefined && index !== undefined) this.names.set(name, index);
    const body = this.alternatives((verbose || on.includes("x")) && !off.includes("x"), nested + 1);
    this.close();
    if (index !== undefined) this.widths[index] = this.width(body);
    return kind === "atomic" ? { is: "atomic", body } : { is: "group", index, on, off, body };
  }

  private close(): void {
    if (!this.match(")")) throw new PatternError("missing ), unterminated subpattern");
  }

  private width(body: readonly Node[]): { min: number; max: number } {
    return width(
      body,
      this.widths.map((each) => each ?? { min: 0, max: 0 }),
    );
  }

  private namedReference(): Node {
    const name = this.takeUntil(")");
    const group = this.names.get(name);
    if (!IDENTIFIER.test(name) || group === undefined) throw new PatternError("unknown group name");
    this.mayRefer(group);
    return { is: "reference", group };
  }

  private look(token: string, verbose: boolean, nested: number): Node {
    const ahead = token !== "<";
    const sign = ahead ? token : this.take();
    if (sign !== "=" && sign !== "!") throw new PatternError("unknown extension");
    const outer = this.lookBehindGroups;
    if (!ahead && outer === undefined) this.lookBehindGroups = this.widths.length;
    const body = this.alternatives(verbose, nested + 1);
    if (!ahead) this.lookBehindGroups = outer;
    this.close();
    const size = this.width(body);
    if (!ahead && size.min !== size.max) throw new PatternError("look-behind requires fixed-width pattern");
    return { is: "look", ahead, negative: sign === "!", body, width: size.min };
  }

  private condition(verbose: boolean, nested: number): Node {
    const name = this.takeUntil(")");
    let group = this.names.get(name);
    if (IDENTIFIER.test(name)) {
      if (group === undefined) throw new PatternError("unknown group name");
    } else {
      if (!/^[\x20-\x7e]*$/.test(name)) throw new UnsurePattern("a group number in other digits");
      if (!/^ *\+?\d+(?:_\d+)* *$/.test(name)) throw new PatternError("bad character in group name");
      group = Number(name.replace(/[ _+]/g, ""));
      if (group === 0 || group >= 1_073_741_823) throw new PatternError("bad group number");
      this.highestCondition = Math.max(this.highestCondition, group);
    }
    if (this.lookBehindGroups !== undefined) this.mayRefer(group);
    const yes = this.sequence(verbose, nested + 1, false);
    const no = this.match("|") ? this.sequence(verbose, nested + 1, false) : [];
    if (this.next() === "|") throw new PatternError("conditional backref with more than two branches");
    this.close();
    return { is: "condition", group, yes, no };
  }

  /** After `(?` and the first flag or `-`. Global flags are kept; others are for the group they open. */
  private inlineFlags(first: string): "global" | { on: string; off: string } {
    let on = "";
    let token: string | undefined = first;
    for (; token !== "-" && token !== ":" && token !== ")"; token = this.take()) {
      if (token === undefined || !FLAG_LETTERS.includes(token)) throw new PatternError("unknown flag");
      if (token === "L") throw new PatternError("bad inline flags: cannot use 'L' flag with a str pattern");
      if (token === "t") throw new UnsurePattern("the template flag");
      on += token;
    }
    if (on.includes("a") && on.includes("u")) throw new PatternError("incompatible flags");
    if (token === ")") {
      this.flags += on;
      return "global";
    }
    let off = "";
    if (token === "-") {
      for (token = this.take(); token !== ":" || off === ""; token = this.take()) {
        if (token === undefined || !FLAG_LETTERS.includes(token)) throw new PatternError("unknown flag");
        if ("auL".includes(token)) throw new PatternError("bad inline flags: cannot turn off");
        if (token === "t") throw new UnsurePattern("the template flag");
        off += token;
      }
    }
    if ([...on].some((flag) => off.includes(flag))) throw new PatternError("bad inline flags: flag turned on and off");
    return { on, off };
  }
}

const range = (code: number): { from: number; to: number } => ({ from: code, to: code });

const one = (code: number): Node => ({ is: "set", set: { negative: false, items: [range(code)] } });

const literal = (token: string): Node => one(token.codePointAt(0) as number);

function octal(digits: string): number {
  const code = Number.parseInt(digits, 8);
  if (code > 0o377) throw new PatternError("octal escape value outside of range");
  return code;
}
