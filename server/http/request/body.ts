import { z } from "zod";
import { isDocument } from "./request-types.ts";
import {
  errorDetails,
  parameterErrorDetails,
  RequestValidationError,
  type ValidationErrorDetail,
  validate,
} from "./validation-error.ts";

/** How a route reads its body. FastAPI has two kinds of body, with different rules for null and unknown keys: `model` and `members`. */
export interface Body<T> {
  readonly schema: z.ZodType;
  /** A request without any body is fine. */
  readonly optional: boolean;
  /** A body of another content type than JSON counts as absent. */
  readonly jsonOnly: boolean;
  /** Throws: RequestValidationError. `raw` is the parsed JSON; `undefined`: there was no body. */
  read(raw: unknown): T;
}

/** Types by the names of members. */
export type Shape = z.core.$ZodLooseShape;
/** The values of such members. */
export type Fields<S extends Shape> = z.output<z.ZodObject<S, z.core.$strip>>;

/** The body is one model: unknown keys are refused, and null is a value, which each field accepts or refuses. */
export function model<S extends Shape>(shape: S): Body<Fields<S>> {
  const schema = z.strictObject(shape);
  return {
    schema,
    optional: false,
    jsonOnly: false,
    read: (raw) => {
      if (raw === undefined || raw === null) throw missingBody();
      return validate(schema, raw, (error) => errorDetails(error, raw, ["body"]));
    },
  };
}

/** The body's members are single parameters: null means "default" (clients do send `"limit": null`), unknown members are ignored,
 *  and the body may be absent if no member is required. */
export function members<S extends Shape>(shape: S): Body<Fields<S>> {
  const schema = z.object(shape);
  const names = Object.keys(shape);
  return {
    schema,
    // Lazy, since only the OpenAPI document needs it: the first use of a schema takes longer than the rest of the start.
    get optional() {
      return schema.safeParse({}).success;
    },
    jsonOnly: true,
    read: (raw) => {
      const picked: Record<string, unknown> = {};
      const body = raw ?? {};
      // A body that is no object is refused even if no member is required: a list of ids is not a filter that matches everything.
      if (!isDocument(body)) throw new RequestValidationError(names.map((name) => missing(["body", name])));
      for (const name of names) {
        const value = Object.hasOwn(body, name) ? body[name] : null;
        if (value !== null) picked[name] = value;
      }
      return validate(schema, picked, (error) => parameterErrorDetails(error, picked, ["body"]));
    },
  };
}

/** The same for several groups of members of one body, each read into an object of its own. */
export function memberGroups<G extends Record<string, Shape>>(groups: G): Body<{ [K in keyof G]: Fields<G[K]> }> {
  const all = members(Object.assign({}, ...Object.values(groups)));
  return {
    schema: all.schema,
    get optional() {
      return all.optional;
    },
    jsonOnly: all.jsonOnly,
    read: (raw) => {
      const body: Record<string, unknown> = all.read(raw);
      const group = (shape: Shape) => Object.fromEntries(Object.entries(body).filter(([name]) => name in shape));
      const entries = Object.entries(groups).map(([name, shape]) => [name, group(shape)]);
      return Object.fromEntries(entries) as { [K in keyof G]: Fields<G[K]> };
    },
  };
}

/** The body is whatever `schema` accepts: a list of logs, a plain object. */
export function whole<T>(schema: z.ZodType<T>): Body<T> {
  return {
    schema,
    optional: false,
    jsonOnly: false,
    read: (raw) => {
      if (raw === undefined) throw missingBody();
      return validate(schema, raw, (error) => errorDetails(error, raw, ["body"]));
    },
  };
}

function missingBody(): RequestValidationError {
  return new RequestValidationError([missing(["body"])]);
}

function missing(loc: (string | number)[]): ValidationErrorDetail {
  return { type: "missing", loc, msg: "Field required", input: null };
}

/** Whether a content type is JSON, or missing. */
export function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/([\w.+-]+\+)?json\b/i.test(contentType);
}
