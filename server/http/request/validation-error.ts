import type { z } from "zod";
import { isSmall } from "./json-limits.ts";

/** One error of a request, in pydantic's form: clients and their tests read `type`, `loc` and `msg`. */
export interface ValidationErrorDetail {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
}

/** Why a request type (request-types.ts) refuses a value, before its location is known. */
export interface ValidationIssue {
  type: string;
  msg: string;
  ctx?: Record<string, unknown> | undefined;
  /** Shown as the input, where it is not the value at the location. */
  input?: unknown;
}

/** A request of the wrong shape: 422, with upstream's body for it, which echoes the request's body. */
export class RequestValidationError extends Error {
  override readonly name = "Invalid";
  readonly details: readonly ValidationErrorDetail[];
  readonly #unparsed: string | undefined;

  /** `unparsed`: the request's body, where it is not JSON. */
  constructor(details: readonly ValidationErrorDetail[], unparsed?: string) {
    super("Invalid request received.");
    this.details = details;
    this.#unparsed = unparsed;
  }

  /** A large body is not echoed, neither as a whole nor as the input of an error. */
  responseBody(requestBody: unknown): object {
    const body = this.#unparsed ?? requestBody ?? null;
    const small = isSmall(body);
    return {
      exception_message: this.message,
      exception_detail: small ? this.details : this.details.slice(0, MAX_DETAILS).map(withoutInput),
      request_body: small ? body : null,
    };
  }
}

/** Most errors that are listed for a body too large to be echoed. */
const MAX_DETAILS = 100;

function withoutInput(detail: ValidationErrorDetail): ValidationErrorDetail {
  return isSmall(detail.input, 100) ? detail : { ...detail, input: null };
}

/** Parses a value with a schema. For a large value only the first error is reported: a list of a million invalid ids would take half a
 *  minute and gigabytes. Throws: RequestValidationError, with the details that `describe` makes. */
export function validate<T extends z.ZodType>(
  schema: T,
  value: unknown,
  describe: (error: z.ZodError) => ValidationErrorDetail[],
): z.output<T> {
  const first = schema.safeParse(value, FIRST_ISSUE_ONLY);
  if (first.success) return first.data;
  const { error } = isSmall(value) ? schema.safeParse(value) : first;
  throw new RequestValidationError(describe(error ?? first.error));
}

/** Makes a schema stop at the first error. An option of zod's core that its public types do not name. */
export const FIRST_ISSUE_ONLY: z.core.ParseContextInternal<z.core.$ZodIssue> = { abortEarly: true };

/** The issues of a ZodError as details. `input` is the value that was parsed, `loc` where it came from. */
export function errorDetails(
  error: z.ZodError,
  input: unknown,
  loc: readonly (string | number)[],
): ValidationErrorDetail[] {
  return error.issues.flatMap((issue) => issueDetails(issue, input, loc));
}

/** The same for parameters (of a query, or of a body by `members` in body.ts): a missing one has no input at all. */
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
      const custom = issue.params as Partial<ValidationIssue> | undefined;
      const type = custom?.type ?? "value_error";
      // For a missing member pydantic shows the object that lacks it.
      const missing = type === "missing" && path.length > 0;
      const value = custom?.input ?? (missing ? valueAt(root, path.slice(0, -1)) : input);
      return [{ type, loc, msg: issue.message, input: value ?? null, ...(custom?.ctx && { ctx: custom.ctx }) }];
    }
    case "invalid_union":
    case "invalid_type": {
      if (input === undefined) {
        return [{ type: "missing", loc, msg: "Field required", input: valueAt(root, path.slice(0, -1)) ?? null }];
      }
      if (issue.code === "invalid_union") {
        return [{ type: "value_error", loc, msg: `Value error, ${issue.message}`, input }];
      }
      const [type, expected] = CONTAINERS[issue.expected] ?? ["value_error", issue.expected];
      return [{ type, loc, msg: `Input should be a valid ${expected}`, input }];
    }
    default:
      return [{ type: "value_error", loc, msg: `Value error, ${issue.message}`, input: input ?? null }];
  }
}

const CONTAINERS: Record<string, [type: string, expected: string]> = {
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
