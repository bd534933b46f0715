import { hasUnknown, type Plan, type PlanObject } from "../json.ts";
import type { Path } from "../path.ts";
import { visitStrings } from "./visit-strings.ts";

/** A `{{ name }}` in a template. */
export interface Placeholder {
  name: string;
  /** Of the string that it stands in; for one in a key, of that key's value. */
  path: Path;
  /** Workers never replace placeholders in keys. */
  inKey: boolean;
  /** Whether the server finds it when it looks for undeclared names. It searches ASCII-escaped JSON text, where letters outside
   *  of ASCII and all whitespace but spaces are escapes that its pattern does not match. */
  foundByServer: boolean;
  /** The string is this placeholder and nothing else, so that the variable keeps its type. */
  whole: boolean;
}

/** What a worker replaces: Python's `{{\s*([\w\.\-\[\]$]+)\s*}}`. */
const PLACEHOLDER = /\{\{(\s*)([\p{L}\p{N}_.\-[\]$]+)(\s*)\}\}/gu;

/** All placeholders in the strings and keys of a document. */
export function placeholdersIn(value: Plan, path: Path = []): Placeholder[] {
  const placeholders: Placeholder[] = [];
  const visit = (text: string, at: Path, inKey: boolean): void => {
    if (!text.includes("{{")) return;
    for (const [match, before = "", name = "", after = ""] of text.matchAll(PLACEHOLDER)) {
      const foundByServer = /^ *$/.test(before + after) && /^[\w.\-[\]$]+$/.test(name);
      placeholders.push({ name, path: [...at], inKey, foundByServer, whole: match === text });
    }
  };
  visitStrings(value, visit, path);
  return placeholders;
}

/** The keys and indexes by which a worker looks a placeholder up in the values of the variables. */
export function placeholderSteps(name: string): string[] {
  return name.replaceAll("[", ".").replaceAll("]", "").split(".");
}

/** Names of the variables that a job configuration uses. `undefined` when part of it is not known. */
export function usedVariables(configuration: PlanObject | undefined): Set<string> | undefined {
  if (configuration === undefined || hasUnknown(configuration)) return undefined;
  const used = new Set<string>();
  for (const { name, inKey } of placeholdersIn(configuration)) {
    if (inKey) continue;
    used.add(name);
    used.add(placeholderSteps(name)[0] ?? name);
  }
  return used;
}
