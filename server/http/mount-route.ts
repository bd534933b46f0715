import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Context } from "../domain/context.ts";
import { normalizeUuid } from "../values/uuid.ts";
import { routerPath, uuidParameters } from "./path-template.ts";
import { isJson } from "./request/body.ts";
import { checkApiVersion } from "./request/client-version.ts";
import { parameterErrorDetails, validate } from "./request/validation-error.ts";
import { writeJson } from "./response/json-text.ts";
import { PlainText } from "./response/view-types.ts";
import { API_PREFIX, type Route } from "./route.ts";

/** Registers a route with fastify: reads the request as the route declares it, calls the handler, sends what it returns. */
export function mountRoute(app: FastifyInstance, route: Route, context: Context): void {
  const readRequest = requestReader(route);
  app.route({
    method: route.method,
    url: API_PREFIX + routerPath(route.path),
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      // fastify's router also matches an empty parameter: `/variables/name/`.
      if (Object.values(request.params as object).includes("")) return reply.callNotFound();
      if (!route.anyVersion) checkApiVersion(request.headers["x-prefect-api-version"]);
      const { status, headers, body } = await route.handle(readRequest(request), context);
      if (context.config.checkResponses) checkResponse(route, status, body);
      reply.code(status);
      if (headers !== undefined) reply.headers(headers);
      if (route.responses[status] === null) return reply.send();
      if (body instanceof PlainText) return reply.header("content-type", body.type).send(body.text);
      return reply.header("content-type", "application/json").send(writeJson(body));
    },
  });
}

/** Makes the function that reads a request as its route declares it. Throws: RequestValidationError. */
function requestReader(route: Route): (request: FastifyRequest) => Parameters<Route["handle"]>[0] {
  const { body, query, params: paramTypes } = route;
  const uuids = uuidParameters(route.path);
  return (request) => {
    const params = request.params as Record<string, string>;
    for (const name of uuids) params[name] = normalizeUuid(params[name] ?? "") as string;
    return {
      params: paramTypes === undefined ? params : readParameters(paramTypes, params, "path"),
      query: query === undefined ? undefined : readParameters(query, request.query, "query"),
      body: body?.read(body.jsonOnly && !isJson(request.headers["content-type"]) ? undefined : request.body),
      headers: request.headers,
    };
  };
}

function readParameters<T extends z.ZodType>(type: T, raw: unknown, location: "path" | "query"): z.output<T> {
  // A copy, because the router's objects have no prototype.
  return validate(type, { ...(raw as object) }, (error) => parameterErrorDetails(error, raw, [location]));
}

function checkResponse(route: Route, status: number, body: unknown): void {
  const type = route.responses[status];
  if (type === undefined) throw new Error(`${route.method} ${route.path} does not declare status ${status}`);
  if (type === null || body instanceof PlainText) return;
  const result = type.safeParse(JSON.parse(writeJson(body)));
  if (result.success) return;
  throw new Error(`${route.method} ${route.path} returns what it does not declare: ${result.error.message}`);
}
