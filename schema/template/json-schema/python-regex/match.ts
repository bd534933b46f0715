import { parsePattern } from "./parse.ts";
import { type CharacterItem, type Node, type Pattern, PatternError, UnsurePattern } from "./syntax.ts";

/** `unsure`: matching took more steps than it may, or the pattern cannot be judged. A user's pattern never runs unboundedly. */
export type Answer = boolean | "unsure";

/** Whether Python's `re.compile` takes the pattern. */
export function isPattern(source: string): Answer {
  return patternOf(source, (pattern) => pattern !== undefined);
}

/** Python's `re.search(pattern, text)`, as a yes or no. Throws: PatternError when the pattern is not valid. */
export function search(source: string, text: string, steps = 100_000): Answer {
  return patternOf(source, (pattern) => {
    if (pattern === undefined) throw new PatternError("the pattern is not valid");
    return new Matcher(pattern, text, steps).search();
  });
}

function patternOf(source: string, use: (pattern: Pattern | undefined) => boolean): Answer {
  try {
    return use(parsed(source));
  } catch (error) {
    if (error instanceof UnsurePattern || error instanceof OutOfSteps) return "unsure";
    throw error;
  }
}

function parsed(source: string): Pattern | undefined {
  if (source.length > LONGEST) throw new UnsurePattern("a very long pattern");
  try {
    return parsePattern(source);
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

const LONGEST = 20_000;
const DEEPEST = 1_000;

class OutOfSteps extends Error {}

type Next = (at: number) => boolean;

/** A backtracking matcher over code points, in the order in which `re` tries. Counts its steps. */
class Matcher {
  private readonly body: Node[];
  private readonly flags: string;
  private readonly text: number[];
  private steps: number;
  private depth = 0;
  /** Start and end of each group, in pairs; -1 where a group has not matched. */
  private groups: number[];

  constructor(pattern: Pattern, text: string, steps: number) {
    this.body = pattern.body;
    this.flags = pattern.flags;
    this.text = Array.from(text, (character) => character.codePointAt(0) as number);
    this.steps = steps;
    this.groups = new Array<number>(pattern.groups * 2).fill(-1);
  }

  search(): boolean {
    for (let start = 0; start <= this.text.length; start++) {
      this.groups.fill(-1);
      if (this.sequence(this.body, 0, start, this.flags, () => true)) return true;
    }
    return false;
  }

  private sequence(nodes: readonly Node[], index: number, at: number, flags: string, next: Next): boolean {
    const node = nodes[index];
    if (node === undefined) return next(at);
    if (--this.steps < 0 || this.depth >= DEEPEST) throw new OutOfSteps();
    this.depth++;
    try {
      return this.node(node, at, flags, (after) => this.sequence(nodes, index + 1, after, flags, next));
    } finally {
      this.depth--;
    }
  }

  private node(node: Node, at: number, flags: string, next: Next): boolean {
    switch (node.is) {
      case "set":
      case "any":
        return this.single(node, at, flags) && next(at + 1);
      case "at":
        return this.stands(node.where, at, flags) && next(at);
      case "branch":
        return node.choices.some((choice) => this.sequence(choice, 0, at, flags, next));
      case "repeat":
        return this.repeat(node, at, flags, next);
      case "group":
        return this.group(node, at, flags, next);
      case "atomic": {
        const end = this.once(node.body, at, flags);
        return end !== undefined && next(end);
      }
      case "look":
        return this.look(node, at, flags, next);
      case "reference": {
        const end = this.again(node.group, at, flags);
        return end !== undefined && next(end);
      }
      case "condition": {
        const matched = (this.groups[node.group * 2 + 1] ?? -1) >= 0;
        return this.sequence(matched ? node.yes : node.no, 0, at, flags, next);
      }
    }
  }

  private repeat(node: Node & { is: "repeat" }, at: number, flags: string, next: Next): boolean {
    const only = node.body.length === 1 ? node.body[0] : undefined;
    if (only !== undefined && (only.is === "set" || only.is === "any"))
      return this.repeatSingle(node, only, at, flags, next);
    if (node.mode === "possessive") {
      let here = at;
      for (let count = 0; count < node.max; count++) {
        const end = this.once(node.body, here, flags);
        if (end === undefined) {
          if (count < node.min) return false;
          break;
        }
        if (end === here) break;
        here = end;
      }
      return next(here);
    }
    const round = (count: number, here: number): boolean => {
      const more = (): boolean =>
        count < node.max &&
        this.sequence(node.body, 0, here, flags, (end) => {
          // A round that matched nothing ends the loop; it does not go round for ever.
          if (end === here && count >= node.min) return false;
          return round(end === here ? Math.max(count + 1, node.min) : count + 1, end);
        });
      if (count < node.min) return more();
      return node.mode === "lazy" ? next(here) || more() : more() || next(here);
    };
    return round(0, at);
  }

  private repeatSingle(
    node: Node & { is: "repeat" },
    only: Node & { is: "set" | "any" },
    at: number,
    flags: string,
    next: Next,
  ): boolean {
    let end = at;
    const most = Math.min(this.text.length, at + node.max);
    const least = at + node.min;
    if (node.mode === "lazy") {
      for (; ; end++) {
        if (end >= least && next(end)) return true;
        if (end >= most || !this.single(only, end, flags)) return false;
      }
    }
    while (end < most && this.single(only, end, flags)) end++;
    if (node.mode === "possessive") return end >= least && next(end);
    for (; end >= least; end--) if (next(end)) return true;
    return false;
  }

  private group(node: Node & { is: "group" }, at: number, flags: string, next: Next): boolean {
    const inner = combined(flags, node.on, node.off);
    const { index } = node;
    if (index === undefined) return this.sequence(node.body, 0, at, inner, next);
    return this.sequence(node.body, 0, at, inner, (end) => {
      const before = [this.groups[index * 2] as number, this.groups[index * 2 + 1] as number] as const;
      this.groups[index * 2] = at;
      this.groups[index * 2 + 1] = end;
      if (next(end)) return true;
      [this.groups[index * 2], this.groups[index * 2 + 1]] = before;
      return false;
    });
  }

  /** The end of the first way to match, with its groups kept and no way back into it. */
  private once(nodes: readonly Node[], at: number, flags: string): number | undefined {
    let found: number | undefined;
    this.sequence(nodes, 0, at, flags, (end) => {
      found = end;
      return true;
    });
    return found;
  }

  private look(node: Node & { is: "look" }, at: number, flags: string, next: Next): boolean {
    const start = node.ahead ? at : at - node.width;
    const before = [...this.groups];
    const found = start >= 0 && this.once(node.body, start, flags) !== undefined;
    if (found === node.negative) {
      this.groups = before;
      return false;
    }
    if (node.negative) this.groups = before;
    return next(at);
  }

  private again(group: number, at: number, flags: string): number | undefined {
    const start = this.groups[group * 2] ?? -1;
    const end = this.groups[group * 2 + 1] ?? -1;
    if (start < 0 || end < 0) return undefined;
    for (let offset = 0; offset < end - start; offset++) {
      if (--this.steps < 0) throw new OutOfSteps();
      const here = this.text[at + offset];
      const there = this.text[start + offset] as number;
      if (here === undefined) return undefined;
      if (here !== there && !(flags.includes("i") && sameLetter(here, there))) return undefined;
    }
    return at + end - start;
  }

  private single(node: Node & { is: "set" | "any" }, at: number, flags: string): boolean {
    if (--this.steps < 0) throw new OutOfSteps();
    const code = this.text[at];
    if (code === undefined) return false;
    if (node.is === "any") return code !== 10 || flags.includes("s");
    const { items, negative } = node.set;
    const ascii = flags.includes("a");
    const found = flags.includes("i")
      ? cases(code).some((each) => items.some((item) => contains(item, each, ascii)))
      : items.some((item) => contains(item, code, ascii));
    return found !== negative;
  }

  private stands(where: (Node & { is: "at" })["where"], at: number, flags: string): boolean {
    const { length } = this.text;
    switch (where) {
      case "start":
        return at === 0;
      case "end":
        return at === length;
      case "line-start":
        return at === 0 || (flags.includes("m") && this.text[at - 1] === 10);
      case "line-end":
        // `$` also stands before a newline that ends the text.
        return at === length || (this.text[at] === 10 && (at === length - 1 || flags.includes("m")));
      default: {
        const ascii = flags.includes("a");
        const word = (index: number): boolean => {
          const code = this.text[index];
          return code !== undefined && inClass("w", code, ascii);
        };
        // In CPython 3.11 an empty text has neither a boundary nor the absence of one.
        if (length === 0) return false;
        return (word(at - 1) !== word(at)) === (where === "boundary");
      }
    }
  }
}

function combined(flags: string, on: string, off: string): string {
  const kept = [...flags].filter((flag) => !off.includes(flag) && !(/[au]/.test(flag) && /[au]/.test(on)));
  return kept.join("") + on;
}

function contains(item: CharacterItem, code: number, ascii: boolean): boolean {
  return "class" in item ? inClass(item.class, code, ascii) : code >= item.from && code <= item.to;
}

function inClass(letter: string, code: number, ascii: boolean): boolean {
  const lower = letter.toLowerCase();
  if (lower !== letter) return !inClass(lower, code, ascii);
  const character = String.fromCodePoint(code);
  if (lower === "d") return (ascii ? /[0-9]/ : /\p{Nd}/u).test(character);
  if (lower === "w") return (ascii ? /[A-Za-z0-9_]/ : /[\p{L}\p{N}_]/u).test(character);
  if (ascii) return /[ \t\n\r\f\v]/.test(character);
  return SEPARATORS.includes(code) || SPACES.test(character);
}

/** Python's `str.isspace`: has the separators U+001C to U+001F and U+0085, lacks JavaScript's U+FEFF. */
const SPACES = /[\p{Z}\t-\r]/u;
const SEPARATORS = [0x1c, 0x1d, 0x1e, 0x1f, 0x85];

function cases(code: number): number[] {
  const character = String.fromCodePoint(code);
  return [character, character.toLowerCase(), character.toUpperCase()]
    .filter((each) => [...each].length === 1)
    .map((each) => each.codePointAt(0) as number);
}

function sameLetter(a: number, b: number): boolean {
  return cases(a).some((each) => cases(b).includes(each));
}
