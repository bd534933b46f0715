import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { isJson } from "./body.ts";
import { judge, memberDetails } from "./invalid.ts";
import { uuidParameters } from "./path.ts";
import type { Route } from "./route.ts";
import { normalUuid } from "./wire.ts";

/** Makes the function that reads a request as its route declares it. Throws: Invalid. */
export function receiver(route: Route): (request: FastifyRequest) => Parameters<Route["handle"]>[0] {
  const { body, query, params: pathTypes } = route;
  const uuids = uuidParameters(route.path);
  return (request) => {
    const params = request.params as Record<string, string>;
    for (const name of uuids) params[name] = normalUuid(params[name] ?? "") as string;
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
  return judge(type, { ...(given as object) }, (error) => memberDetails(error, given, [where]));
}
