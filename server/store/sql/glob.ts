/** A part of a glob pattern (Python's fnmatch). */
export type GlobPart =
  | { kind: "any" }
  | { kind: "one" }
  | { kind: "set"; negated: boolean; members: string }
  | { kind: "text"; text: string };

/** Parses a pattern. A bracket that is not closed is text. */
export function globParts(pattern: string): GlobPart[] {
  return [...pattern.matchAll(/\*+|\?|\[(!?)(\]?[^\]]*)\]|[^*?[]+|\[/g)].map((match): GlobPart => {
    const [whole, negation, members] = match;
    if (whole.startsWith("*")) return { kind: "any" };
    if (whole === "?") return { kind: "one" };
    if (members !== undefined && members !== "") return { kind: "set", negated: negation === "!", members };
    return { kind: "text", text: whole };
  });
}

/** SQLite's own limit is 50,000 bytes. */
export const MAX_PATTERN_LENGTH = 1000;

/** Compiles a pattern. Not to a regular expression: one with a few asterisks would backtrack for hours, while this finds the parts between
 *  them one after the other. Throws: SyntaxError. */
export function globTest(pattern: string): (text: string) => boolean {
  const pieces: Element[][] = [[]];
  for (const part of globParts(pattern)) {
    if (part.kind === "any") pieces.push([]);
    else pieces.at(-1)?.push(...elements(part));
  }
  const [first = [], ...others] = pieces;
  const last = others.pop();
  return (text) => {
    const letters = [...text];
    if (!fits(first, letters, 0)) return false;
    if (last === undefined) return letters.length === first.length;
    let from = first.length;
    for (const piece of others) {
      while (from + piece.length <= letters.length && !fits(piece, letters, from)) from += 1;
      from += piece.length;
    }
    const end = letters.length - last.length;
    return end >= from && fits(last, letters, end);
  };
}

/** Whether one character matches. */
type Element = (letter: string) => boolean;

function elements(part: Exclude<GlobPart, { kind: "any" }>): Element[] {
  if (part.kind === "one") return [() => true];
  if (part.kind === "text") return [...part.text].map((expected) => (letter) => letter === expected);
  const set = new RegExp(`^${setPattern(part)}$`, "su");
  return [(letter) => set.test(letter)];
}

function fits(piece: readonly Element[], letters: readonly string[], from: number): boolean {
  return from + piece.length <= letters.length && piece.every((element, index) => element(letters[from + index] ?? ""));
}

function setPattern({ negated, members }: Extract<GlobPart, { kind: "set" }>): string {
  return `[${negated ? "^" : ""}${members.replace(/[\\[\]^]/g, "\\$&")}]`;
}

/** The same as a PostgreSQL regular expression for whole texts. */
export function globPattern(pattern: string): string {
  const source = globParts(pattern).map((part) => {
    if (part.kind === "any") return ".*";
    if (part.kind === "one") return ".";
    if (part.kind === "text") return part.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return setPattern(part);
  });
  return `^(?:${source.join("")})$`;
}
