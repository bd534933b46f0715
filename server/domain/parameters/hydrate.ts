import { variableBy } from "../../store/queries/variables.ts";
import type { Db } from "../../store/store.ts";
import { parseJson } from "../../values/json.ts";
import { renderTemplate } from "../jinja/template.ts";
import { TemplateError } from "../jinja/template-error.ts";

/** Parameters may hold placeholders, objects with `__prefect_kind`, for values: `none`, `json`, `jinja`, `workspace_variable`. Source: prefect/utilities/schema_tools/hydration.py. */

/** A placeholder without a value; the message says why. */
export class HydrationError extends Error {
  override readonly name = "HydrationProblem";
}

/** The value of an empty placeholder: it is left out. */
const LEFT_OUT = Symbol("left out");

/** Parameters with values in place of placeholders. Throws: HydrationError. */
export async function hydrate(db: Db, parameters: Record<string, unknown>): Promise<Record<string, unknown>> {
  const hydrated = await hydrateAny(db, parameters);
  return hydrated === LEFT_OUT ? {} : (hydrated as Record<string, unknown>);
}

async function hydrateAny(db: Db, value: unknown): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const hydrated = await hydrateAny(db, item);
      if (hydrated !== LEFT_OUT) items.push(hydrated);
    }
    return items;
  }
  const placeholder = value as Record<string, unknown>;
  if (Object.hasOwn(placeholder, "__prefect_kind")) return hydratePlaceholder(db, placeholder);
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(placeholder)) {
    const hydrated = await hydrateAny(db, member);
    if (hydrated !== LEFT_OUT) members.push([key, hydrated]);
  }
  return Object.fromEntries(members);
}

async function hydratePlaceholder(db: Db, placeholder: Record<string, unknown>): Promise<unknown> {
  switch (placeholder.__prefect_kind) {
    case "none":
      return hydrateAny(db, member(placeholder, "value"));
    case "json": {
      if (!Object.hasOwn(placeholder, "value")) return LEFT_OUT;
      const text = await inner(db, placeholder.value);
      return typeof text === "string" ? parse(text) : text;
    }
    case "jinja": {
      const template = await inner(db, member(placeholder, "template"));
      if (template === LEFT_OUT) return LEFT_OUT;
      if (typeof template !== "string") throw new HydrationError("Invalid jinja: the template is not a text");
      return render(template);
    }
    case "workspace_variable": {
      if (!Object.hasOwn(placeholder, "variable_name")) return LEFT_OUT;
      const name = await inner(db, placeholder.variable_name);
      if (name === LEFT_OUT) return LEFT_OUT;
      const variable = typeof name === "string" ? await variableBy(db, { name }) : undefined;
      if (variable === undefined) throw new HydrationError(`Variable '${String(name)}' not found in workspace.`);
      return parseJson(variable.value);
    }
    default:
      return placeholder.value ?? null;
  }
}

/** Placeholders may be nested in objects only. */
async function inner(db: Db, value: unknown): Promise<unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? hydrateAny(db, value) : value;
}

function member(placeholder: Record<string, unknown>, key: string): unknown {
  if (Object.hasOwn(placeholder, key)) return placeholder[key];
  throw new HydrationError(`Missing '${key}' key in __prefect object`);
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new HydrationError("Invalid JSON");
    throw error;
  }
}

function render(template: string): string {
  try {
    return renderTemplate(template);
  } catch (error) {
    if (error instanceof TemplateError) throw new HydrationError(`Invalid jinja: ${error.message}`);
    throw error;
  }
}
