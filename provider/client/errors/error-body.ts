import { isObject } from "../../../schema/json.ts";
import { formatPath } from "../../../schema/path.ts";
import type { RefusedField } from "./prefect-error.ts";
import { outline } from "./redact.ts";

/** The body of an error response. Its text is neither redacted nor shortened yet.
 *  - `api`: one of Prefect's two formats, `{detail}` or `{exception_message, exception_detail}`. `isRouter404`: the response of the
 *    router, which also comes for a path that is no route.
 *  - `html`: a page. - `other`: anything else. */
export type ErrorBody =
  | { format: "api"; text: string; fields: RefusedField[]; isRouter404: boolean }
  | { format: "html"; text: string }
  | { format: "other"; text: string };

/** Parses the body of an error response. Source: prefect/server/api/server.py. `input` and `request_body`, which repeat the request,
 *  are never read. */
export function parseErrorBody(body: string): ErrorBody {
  if (isHtml(body)) return { format: "html", text: describeHtml(body) };
  const parsed = parseJson(body);
  if (parsed === undefined) return { format: "other", text: body.trim().startsWith("{") ? outline(body) : body };
  const { value } = parsed;
  if (isObject(value)) {
    const { detail, exception_message: summary, exception_detail: problems }: { [key: string]: unknown } = value;
    if (typeof detail === "string") {
      const isRouter404 = detail === "Not Found" && Object.keys(value).length === 1;
      return { format: "api", text: detail, fields: [], isRouter404 };
    }
    if (Array.isArray(detail)) return { format: "api", text: "", fields: fieldsOf(detail), isRouter404: false };
    if (typeof summary === "string") {
      const fields = Array.isArray(problems) ? fieldsOf(problems) : [];
      return { format: "api", text: fields.length === 0 ? summary : "", fields, isRouter404: false };
    }
  }
  return { format: "other", text: outline(body) };
}

/** The fields of pydantic's list of errors. The first item of `loc` is the part of the request. */
function fieldsOf(problems: unknown[]): RefusedField[] {
  return problems.flatMap((problem) => {
    if (!isObject(problem)) return [];
    const { loc, msg }: { [key: string]: unknown } = problem;
    const steps = Array.isArray(loc) ? loc.filter((step) => typeof step === "string" || typeof step === "number") : [];
    return [{ path: formatPath(steps.slice(1)), reason: typeof msg === "string" ? msg : "refused" }];
  });
}

export function isHtml(text: string): boolean {
  return /^\s*<(!doctype|html|head|body|!--|\?xml)/i.test(text.slice(0, 500));
}

export function describeHtml(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html.slice(0, 5_000))?.[1];
  return title === undefined ? "an HTML page" : `an HTML page titled "${title.trim()}"`;
}

/** Parsed JSON; `undefined`: the text is not JSON. */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
