/** What a pattern of Python's `re` consists of. Characters are code points. */
export type Node =
  | { is: "set"; set: CharacterSet }
  | { is: "any" }
  | { is: "at"; where: "line-start" | "line-end" | "start" | "end" | "boundary" | "no-boundary" }
  | { is: "branch"; choices: Node[][] }
  | { is: "repeat"; min: number; max: number; mode: "greedy" | "lazy" | "possessive"; body: Node[] }
  | { is: "group"; index: number | undefined; on: string; off: string; body: Node[] }
  | { is: "atomic"; body: Node[] }
  | { is: "look"; ahead: boolean; negative: boolean; body: Node[]; width: number }
  | { is: "reference"; group: number }
  | { is: "condition"; group: number; yes: Node[]; no: Node[] };

export interface CharacterSet {
  negative: boolean;
  items: CharacterItem[];
}

/** A range of code points, or one of the classes `\d \D \s \S \w \W` by its letter. */
export type CharacterItem = { from: number; to: number } | { class: string };

export interface Pattern {
  body: Node[];
  groups: number;
  /** Global flags among `a i m s u x`. */
  flags: string;
}

/** Python refuses the pattern. */
export class PatternError extends Error {}

/** Python may or may not take the pattern; it cannot be told here (names of characters, extreme nesting). */
export class UnsurePattern extends Error {}

export const UNBOUNDED = Number.POSITIVE_INFINITY;

/** Fewest and most characters a sequence matches, as `re` computes them for look-behind. */
export function width(
  nodes: readonly Node[],
  groups: readonly { min: number; max: number }[],
): { min: number; max: number } {
  let min = 0;
  let max = 0;
  for (const node of nodes) {
    const own = widthOf(node, groups);
    min += own.min;
    max += own.max;
  }
  return { min: Math.min(min, MOST), max: max >= MOST ? UNBOUNDED : max };
}

const MOST = 0xffffffff;

function widthOf(node: Node, groups: readonly { min: number; max: number }[]): { min: number; max: number } {
  switch (node.is) {
    case "set":
    case "any":
      return { min: 1, max: 1 };
    case "at":
    case "look":
      return { min: 0, max: 0 };
    case "branch":
      return either(node.choices.map((choice) => width(choice, groups)));
    case "repeat": {
      const body = width(node.body, groups);
      return { min: body.min * node.min, max: body.max === 0 ? 0 : body.max * node.max };
    }
    case "group":
    case "atomic":
      return width(node.body, groups);
    case "reference":
      return groups[node.group] ?? { min: 0, max: 0 };
    case "condition":
      return either([width(node.yes, groups), width(node.no, groups)]);
  }
}

function either(widths: { min: number; max: number }[]): { min: number; max: number } {
  return { min: Math.min(...widths.map((each) => each.min)), max: Math.max(...widths.map((each) => each.max)) };
}
