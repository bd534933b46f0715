import type { FastifyReply, FastifyRequest } from "fastify";
import { ApiError } from "../domain/api-error.ts";
import { pathPattern } from "./path-template.ts";
import { API_PREFIX, type Route } from "./route.ts";

/** Makes the response where no route matches: 405 where another method would, 307 where a final slash is missing or too much, else 404. */
export function notFoundHandler(routes: readonly Route[]) {
  const patterns = new Map<string, { pattern: RegExp; methods: string[] }>();
  for (const { path, method } of routes) {
    const known = patterns.get(path);
    if (known === undefined) patterns.set(path, { pattern: pathPattern(API_PREFIX + path), methods: [method] });
    else known.methods.push(method);
  }
  const find = (path: string) => [...patterns.values()].find(({ pattern }) => pattern.test(path));

  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = "", ...query] = request.url.split("?");
    const match = find(path);
    if (match !== undefined) {
      throw new ApiError("method_not_allowed", "Method Not Allowed", { allow: match.methods.join(", ") });
    }
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    if (path !== "/" && find(other) !== undefined) {
      const target = query.length === 0 ? other : `${other}?${query.join("?")}`;
      return reply.code(307).header("location", `${request.protocol}://${request.host}${target}`).send();
    }
    throw new ApiError("not_found", "Not Found");
  };
}
