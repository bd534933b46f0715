import { isObject } from "../../../schema/json.ts";
import { formatPath } from "../../../schema/path.ts";
import type { RefusedField } from "./prefect-error.ts";
import { outline } from "./redact.ts";

/** The text of an answer, as far as it can be shown. Neither redacted nor shortened yet.
 *  - `api`: one of Prefect's two dialects, `{detail}` or `{exception_message, exception_detail}`; `bare` is the router's own 404,
 *    which it also gives for a path it does not know.
 *  - `html`: a page. - `other`: anything else. */
export type Said =
  | { by: "api"; text: string; fields: RefusedField[]; bare: boolean }
  | { by: "html"; text: string }
  | { by: "other"; text: string };

/** Reads the body of a refusal. Source: prefect/server/api/server.py. `input` and `request_body`, which repeat the request, are
 *  never read. */
export function readRefusal(body: string): Said {
  if (looksLikeHtml(body)) return { by: "html", text: titleOf(body) };
  const parsed = parseJson(body);
  if (parsed === undefined) return { by: "other", text: body.trim().startsWith("{") ? outline(body) : body };
  const { value } = parsed;
  if (isObject(value)) {
    const { detail, exception_message: summary, exception_detail: problems }: { [key: string]: unknown } = value;
    if (typeof detail === "string") {
      return { by: "api", text: detail, fields: [], bare: detail === "Not Found" && Object.keys(value).length === 1 };
    }
    if (Array.isArray(detail)) return { by: "api", text: "", fields: fieldsOf(detail), bare: false };
    if (typeof summary === "string") {
      const fields = Array.isArray(problems) ? fieldsOf(problems) : [];
      return { by: "api", text: fields.length === 0 ? summary : "", fields, bare: false };
    }
  }
  return { by: "other", text: outline(body) };
}

/** Pydantic's list of problems; `loc` begins with the part of the request. */
function fieldsOf(problems: unknown[]): RefusedField[] {
  return problems.flatMap((problem) => {
    if (!isObject(problem)) return [];
    const { loc, msg }: { [key: string]: unknown } = problem;
    const steps = Array.isArray(loc) ? loc.filter((step) => typeof step === "string" || typeof step === "number") : [];
    return [{ path: formatPath(steps.slice(1)), reason: typeof msg === "string" ? msg : "refused" }];
  });
}

export function looksLikeHtml(text: string): boolean {
  return /^\s*<(!doctype|html|head|body|!--|\?xml)/i.test(text.slice(0, 500));
}

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html.slice(0, 5_000))?.[1];
  return title === undefined ? "an HTML page" : `an HTML page titled "${title.trim()}"`;
}

/** JSON in a box, so that `null` can be told from what is not JSON. */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
