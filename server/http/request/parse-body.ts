import type { FastifyInstance } from "fastify";
import { ApiError } from "../../domain/api-error.ts";
import { parseJson } from "../../values/json.ts";
import { isJson } from "./body.ts";
import { limitExceeded } from "./json-limits.ts";
import { RequestValidationError } from "./validation-error.ts";

/** Has fastify parse bodies: as JSON where the content type says so or is missing, else as text, which no model accepts. */
export function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, bytes, done) => {
    try {
      done(null, bytes.length === 0 ? undefined : parseBody(bytes as Buffer, request.headers["content-type"]));
    } catch (error) {
      done(error as Error);
    }
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Throws: ApiError, RequestValidationError. */
function parseBody(bytes: Buffer, contentType: string | undefined): unknown {
  const text = decode(bytes);
  return isJson(contentType) ? parseJsonBody(text) : text;
}

/** Invalid UTF-8 is refused, not replaced. Throws: ApiError. */
function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ApiError("bad_request", "There was an error parsing the body");
  }
}

function parseJsonBody(text: string): unknown {
  const limit = limitExceeded(text);
  if (limit === "depth") throw new ApiError("bad_request", "There was an error parsing the body");
  if (limit === "values") throw new ApiError("too_large", "Request body holds too many values");
  try {
    return parseJson(text);
  } catch (error) {
    throw error instanceof SyntaxError ? invalidJson(text) : error;
  }
}

function invalidJson(text: string): RequestValidationError {
  const detail = {
    type: "json_invalid",
    loc: ["body", 0],
    msg: "JSON decode error",
    input: {},
    ctx: { error: "invalid JSON" },
  };
  return new RequestValidationError([detail], text);
}
