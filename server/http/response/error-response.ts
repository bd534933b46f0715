import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../../domain/api-error.ts";
import type { Log } from "../../runtime/log.ts";
import { StoreError } from "../../store/store-error.ts";
import { RequestValidationError } from "../request/validation-error.ts";
import { writeJson } from "./json-text.ts";

/** Makes the function that turns what a route throws into the response. Logs what is the server's own failure. */
export function errorHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof RequestValidationError) return sendJson(reply, 422, error.responseBody(request.body));
    const apiError = toApiError(error);
    if (apiError.code === "internal" || apiError.code === "unavailable") {
      const path = request.url.split("?", 1)[0];
      log.error({ err: error, method: request.method, path, id: request.id }, "request failed");
    }
    return sendJson(reply.headers({ ...apiError.headers }), apiError.status, apiError.body);
  };
}

function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply.code(status).header("content-type", "application/json").send(writeJson(body));
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StoreError) {
    if (error.code === "unavailable") return new ApiError("unavailable", "Service Unavailable");
    if (error.code === "unfit") return new ApiError("unprocessable", "A value is too long or too large to be stored.");
    return new ApiError("conflict", INTEGRITY);
  }
  // fastify's own errors: a body that is too large, a path that can't be decoded.
  const status = (error as Partial<FastifyError>).statusCode;
  if (status === 413) return new ApiError("too_large", "Request body is too large");
  if (status !== undefined && status >= 400 && status < 500) {
    return new ApiError("bad_request", "There was an error parsing the request");
  }
  return new ApiError("internal", "Internal Server Error");
}

const INTEGRITY =
  "Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.";
