import type { Expression } from "./expressions.ts";
import { type Piece, TemplateParser } from "./statements.ts";
import { TemplateError } from "./template-error.ts";

/** Users' Jinja templates in automations and parameters: validated as Prefect does, and rendered without variables
 *  (docs/decisions/0010-jinja-templates.md). Source: prefect/server/utilities/user_templates.py. */

/** Longer ones would block the server; Prefect has no limit. */
const LONGEST = 1_000_000;
const MOST_LOOPS = 10;
const DEEPEST_LOOPS = 2;

/** The first syntax error of a template. Unknown names, filters and tests are no syntax errors. */
export function validateTemplate(template: string): TemplateError | undefined {
  try {
    parse(template);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

/** Whether a text is a template rather than plain text. */
export function looksLikeTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

/** Throws: TemplateError. */
function parse(template: string): Piece[] {
  if (template.length > LONGEST) throw new TemplateError(0, `Templates can be no longer than ${LONGEST} characters.`);
  const { pieces, loops } = new TemplateParser(template).parse();
  if (loops.count > MOST_LOOPS) {
    throw new TemplateError(
      0,
      `Contains ${loops.count} for loops. Templates can contain no more than ${MOST_LOOPS} for loops.`,
    );
  }
  if (loops.depth > DEEPEST_LOOPS) {
    throw new TemplateError(
      0,
      `Contains nested for loops at a depth of ${loops.depth}. Templates can nest for loops no more than ${DEEPEST_LOOPS} loops deep.`,
    );
  }
  return pieces;
}

/** The template rendered without variables. Only text, literals, names with attributes and items, and `~` are rendered: everything else is
 *  refused, so that nothing is rendered in another way than Prefect would. Throws: TemplateError. */
export function renderTemplate(template: string): string {
  const pieces = parse(template);
  if (!looksLikeTemplate(template)) return template;
  return pieces.map((piece) => (piece.kind === "data" ? piece.text : textOf(piece))).join("");
}

function textOf(piece: Exclude<Piece, { kind: "data" }>): string {
  const text = piece.kind === "print" ? rendered(piece.value) : undefined;
  if (text !== undefined) return text;
  throw new TemplateError(0, "this server renders no more than plain text, literals and names");
}

const WHOLE = /^(?:0[box][\da-f_]{1,100}|[\d_]{1,100})$/i;

/** Names that Jinja defines. */
const GLOBALS = new Set(["cycler", "dict", "joiner", "lipsum", "namespace", "range"]);

function rendered(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "const": {
      const { value } = expression;
      if (typeof value === "string") return value;
      if (value === null) return "None";
      if (typeof value === "boolean") return value ? "True" : "False";
      return WHOLE.test(value.number) ? String(BigInt(value.number.replaceAll("_", ""))) : undefined;
    }
    case "name":
      return GLOBALS.has(expression.name) ? undefined : "";
    case "getattr":
    case "getitem":
      return isUndefined(expression) ? "" : undefined;
    case "concat": {
      const parts = expression.parts.map(rendered);
      return parts.includes(undefined) ? undefined : parts.join("");
    }
    default:
      return undefined;
  }
}

/** Attributes and items of undefined names are undefined, too. */
function isUndefined(expression: Expression): boolean {
  if (expression.kind === "getattr" || expression.kind === "getitem") return isUndefined(expression.of);
  return expression.kind === "name" && !GLOBALS.has(expression.name);
}
