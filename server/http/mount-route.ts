import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { uuidParameters } from "./path-template.ts";
import { isJson } from "./request/body.ts";
import { normalizeUuid } from "./request/request-types.ts";
import { parameterErrorDetails, validate } from "./request/validation-error.ts";
import type { Route } from "./route.ts";

/** Makes the function that reads a request as its route declares it. Throws: RequestValidationError. */
export function requestReader(route: Route): (request: FastifyRequest) => Parameters<Route["handle"]>[0] {
  const { body, query, params: pathTypes } = route;
  const uuids = uuidParameters(route.path);
  return (request) => {
    const params = request.params as Record<string, string>;
    for (const name of uuids) params[name] = normalizeUuid(params[name] ?? "") as string;
    return {
      params: pathTypes === undefined ? params : read(pathTypes, params, "path"),
      query: query === undefined ? undefined : read(query, request.query, "query"),
      body: body?.read(body.jsonOnly && !isJson(request.headers["content-type"]) ? undefined : request.body),
      headers: request.headers,
    };
  };
}

function read<T>(type: z.ZodType<T>, given: unknown, where: "path" | "query"): T {
  // A copy: the router's objects have no prototype.
  return validate(type, { ...(given as object) }, (error) => parameterErrorDetails(error, given, [where]));
}
