import type { Plan } from "../json.ts";
import type { Path } from "../path.ts";
import { visitStrings } from "./visit-strings.ts";

/** A `{{ name }}` in a template. */
export interface Placeholder {
  name: string;
  /** Of the text it stands in; for one in a key, of that key's value. */
  path: Path;
  /** Workers never replace what stands in a key. */
  inKey: boolean;
  /** Whether the server sees it when it looks for undeclared names. It looks in ASCII-escaped JSON text, where letters outside
   *  of ASCII and all blank space but spaces have become escapes that its pattern does not match. */
  seen: boolean;
  /** The text is this placeholder and nothing else, so that the variable keeps its type. */
  whole: boolean;
}

/** What a worker replaces: Python's `{{\s*([\w\.\-\[\]$]+)\s*}}`. */
const PLACEHOLDER = /\{\{(\s*)([\p{L}\p{N}_.\-[\]$]+)(\s*)\}\}/gu;

/** All placeholders in the texts and keys of a document. */
export function placeholdersIn(value: Plan, path: Path = []): Placeholder[] {
  const found: Placeholder[] = [];
  const visit = (text: string, at: Path, inKey: boolean): void => {
    if (!text.includes("{{")) return;
    for (const [full, before = "", name = "", after = ""] of text.matchAll(PLACEHOLDER)) {
      const seen = /^ *$/.test(before + after) && /^[\w.\-[\]$]+$/.test(name);
      found.push({ name, path: [...at], inKey, seen, whole: full === text });
    }
  };
  visitStrings(value, visit, path);
  return found;
}

/** The steps by which a worker looks a placeholder up among the variables. */
export function steps(name: string): string[] {
  return name.replaceAll("[", ".").replaceAll("]", "").split(".");
}
