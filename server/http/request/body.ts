import { z } from "zod";
import { isDocument } from "./request-types.ts";
import {
  errorDetails,
  parameterErrorDetails,
  RequestValidationError,
  type ValidationErrorDetail,
  validate,
} from "./validation-error.ts";

/** How a route takes its body. Upstream (FastAPI) has two ways, with different manners. */
export interface Body<T> {
  readonly schema: z.ZodType<T>;
  /** A request without any body is fine. */
  readonly optional: boolean;
  /** A body that does not say to be JSON is as good as none. */
  readonly jsonOnly: boolean;
  /** Throws: RequestValidationError. `given` is the parsed JSON; `undefined`: there was no body. */
  read(given: unknown): T;
}

type Shape = z.core.$ZodLooseShape;
type Out<S extends Shape> = z.infer<z.ZodObject<S, z.core.$strip>>;

/** The body is one model: unknown keys are refused, and null is a value like any other, which each field takes or refuses. */
export function model<S extends Shape>(shape: S): Body<Out<S>> {
  const schema = z.strictObject(shape) as unknown as z.ZodType<Out<S>>;
  return {
    schema,
    optional: false,
    jsonOnly: false,
    read: (given) => {
      if (given === undefined || given === null) throw missingBody();
      return validate(schema, given, (error) => errorDetails(error, given, ["body"]));
    },
  };
}

/** The body's members are single parameters: null means "default" (clients do send `"limit": null`), unknown members are not
 *  looked at, and a body may be absent when no member is required. */
export function members<S extends Shape>(shape: S): Body<Out<S>> {
  const schema = z.object(shape) as unknown as z.ZodType<Out<S>>;
  const names = Object.keys(shape);
  return {
    schema,
    // Asked for by the OpenAPI document only: the first use of a schema costs more than all the rest of the start.
    get optional() {
      return schema.safeParse({}).success;
    },
    jsonOnly: true,
    read: (given) => {
      const picked: Record<string, unknown> = {};
      const body = given ?? {};
      // What has no members lacks them all, also those that need not be there: a list of ids is no filter that lets all pass.
      if (!isDocument(body)) throw new RequestValidationError(names.map((name) => missing(["body", name])));
      for (const name of names) {
        const value = Object.hasOwn(body, name) ? body[name] : null;
        if (value !== null) picked[name] = value;
      }
      return validate(schema, picked, (error) => parameterErrorDetails(error, picked, ["body"]));
    },
  };
}

/** The body is whatever `schema` takes: a list of logs, a plain dictionary. */
export function whole<T>(schema: z.ZodType<T>): Body<T> {
  return {
    schema,
    optional: false,
    jsonOnly: false,
    read: (given) => {
      if (given === undefined) throw missingBody();
      return validate(schema, given, (error) => errorDetails(error, given, ["body"]));
    },
  };
}

function missingBody(): RequestValidationError {
  return new RequestValidationError([missing(["body"])]);
}

function missing(loc: (string | number)[]): ValidationErrorDetail {
  return { type: "missing", loc, msg: "Field required", input: null };
}

/** Whether a content type says, or leaves open, that the body is JSON. */
export function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/([\w.+-]+\+)?json\b/i.test(contentType);
}
