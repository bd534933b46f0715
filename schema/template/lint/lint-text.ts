import type { Plan } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { visitStrings } from "../visit-strings.ts";

/** Texts that cannot be stored: anywhere in a template, keys included. */
export function lintText(template: Plan): Problem[] {
  const problems: Problem[] = [];
  visitStrings(template, (text, path) => {
    if (!text.isWellFormed()) {
      const message = "holds half of a character (a lone UTF-16 surrogate): the server fails with an internal error";
      problems.push({ rule: "template/lone-surrogate", severity: "error", path: [...path], message });
    }
    if (text.includes("\u0000")) {
      const message = "holds the character NUL: a server on PostgreSQL cannot store it";
      problems.push({ rule: "template/nul-character", severity: "warning", path: [...path], message });
    }
  });
  return problems;
}
