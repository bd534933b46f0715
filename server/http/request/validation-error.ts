import type { z } from "zod";
import { isSmall } from "./json-limits.ts";

/** One complaint about a request, as pydantic words them: clients and their tests read `type`, `loc` and `msg`. */
export interface ValidationErrorDetail {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
}

/** What a request type (request-types.ts) refuses, before it is known where it stood. */
export interface ValidationIssue {
  type: string;
  msg: string;
  ctx?: Record<string, unknown> | undefined;
  /** What is shown as the input, when it is not what stands at the place. */
  input?: unknown;
}

/** A request of the wrong shape: 422, in upstream's own body for it, which shows the request's again. */
export class RequestValidationError extends Error {
  override readonly name = "Invalid";
  readonly details: readonly ValidationErrorDetail[];
  readonly #unparsed: string | undefined;

  /** `unparsed`: the request's body, when it is not JSON. */
  constructor(details: readonly ValidationErrorDetail[], unparsed?: string) {
    super("Invalid request received.");
    this.details = details;
    this.#unparsed = unparsed;
  }

  /** A heavy body is not shown again, neither as a whole nor as what is missing its members. */
  responseBody(requestBody: unknown): object {
    const body = this.#unparsed ?? requestBody ?? null;
    const light = isSmall(body);
    return {
      exception_message: this.message,
      exception_detail: light ? this.details : this.details.slice(0, MOST_DETAILS).map(withoutInput),
      request_body: light ? body : null,
    };
  }
}

/** Of a body that is too heavy to be shown. */
const MOST_DETAILS = 100;

function withoutInput(detail: ValidationErrorDetail): ValidationErrorDetail {
  return isSmall(detail.input, 100) ? detail : { ...detail, input: null };
}

/** Has a schema read a value. What makes a heavy one unfit is only told up to the first mistake: a list of a million wrong ids would
 *  take half a minute and gigabytes to complain about. Throws: RequestValidationError, with the details that `describe` makes. */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  describe: (error: z.ZodError) => ValidationErrorDetail[],
): T {
  const first = schema.safeParse(value, FIRST_ISSUE_ONLY);
  if (first.success) return first.data;
  const { error } = isSmall(value) ? schema.safeParse(value) : first;
  throw new RequestValidationError(describe(error ?? first.error));
}

/** Has a schema read a value up to its first mistake only. The name of it is zod's own, which its types keep for its core. */
export const FIRST_ISSUE_ONLY: z.core.ParseContextInternal<z.core.$ZodIssue> = { abortEarly: true };

/** Turns what zod found into details. `input` is what was validated; `loc` says where it came from. */
export function errorDetails(
  error: z.ZodError,
  input: unknown,
  loc: readonly (string | number)[],
): ValidationErrorDetail[] {
  return error.issues.flatMap((issue) => issueDetails(issue, input, loc));
}

/** The same for members that are parameters of their own (body.ts, `members`; queries): one that is missing has no input at all. */
export function parameterErrorDetails(
  error: z.ZodError,
  input: unknown,
  loc: readonly (string | number)[],
): ValidationErrorDetail[] {
  return errorDetails(error, input, loc).map((detail) =>
    detail.type === "missing" && detail.loc.length === loc.length + 1 ? { ...detail, input: null } : detail,
  );
}

function issueDetails(
  issue: z.core.$ZodIssue,
  root: unknown,
  prefix: readonly (string | number)[],
): ValidationErrorDetail[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const loc = [...prefix, ...path];
  const input = valueAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        type: "extra_forbidden",
        loc: [...loc, key],
        msg: "Extra inputs are not permitted",
        input: valueAt(input, [key]),
      }));
    case "custom": {
      const refusal = issue.params as Partial<ValidationIssue> | undefined;
      const type = refusal?.type ?? "value_error";
      // What is missing has no input of its own: pydantic shows what it is missing from.
      const missing = type === "missing" && path.length > 0;
      const shown = refusal?.input ?? (missing ? valueAt(root, path.slice(0, -1)) : input);
      return [{ type, loc, msg: issue.message, input: shown ?? null, ...(refusal?.ctx && { ctx: refusal.ctx }) }];
    }
    case "invalid_union":
    case "invalid_type": {
      if (input === undefined) {
        return [{ type: "missing", loc, msg: "Field required", input: valueAt(root, path.slice(0, -1)) ?? null }];
      }
      if (issue.code === "invalid_union") {
        return [{ type: "value_error", loc, msg: `Value error, ${issue.message}`, input }];
      }
      const [type, wanted] = CONTAINERS[issue.expected] ?? ["value_error", issue.expected];
      return [{ type, loc, msg: `Input should be a valid ${wanted}`, input }];
    }
    default:
      return [{ type: "value_error", loc, msg: `Value error, ${issue.message}`, input: input ?? null }];
  }
}

const CONTAINERS: Record<string, [type: string, wanted: string]> = {
  object: ["model_attributes_type", "dictionary or object to extract fields from"],
  array: ["list_type", "list"],
  record: ["dict_type", "dictionary"],
};

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
