import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { API_VERSION } from "../runtime/server-config.ts";
import { uuidParameters } from "./path-template.ts";
import { API_PREFIX, type Route } from "./route.ts";

/** Serves the OpenAPI document of the routes. It is made at the first request: that takes longer than the rest of the start. */
export function serveOpenApi(app: FastifyInstance, routes: readonly Route[]): void {
  let document: string | undefined;
  app.get(`${API_PREFIX}/openapi.json`, { exposeHeadRoute: false }, async (_, reply) => {
    document ??= JSON.stringify(openApi(routes, API_VERSION));
    return reply.header("content-type", "application/json").send(document);
  });
}

/** In upstream's layout: paths below `/api`, JSON everywhere. */
function openApi(routes: readonly Route[], version: string): object {
  const schemas: Record<string, object> = {};
  const schemaOf = (type: z.ZodType, io: "input" | "output"): object => {
    const { $schema: _, $defs = {}, ...schema } = z.toJSONSchema(type, { io, unrepresentable: "any" });
    Object.assign(schemas, JSON.parse(withComponents($defs)));
    return JSON.parse(withComponents(schema));
  };
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(":uuid}", "}");
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operation(route, schemaOf);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Prefect-compatible orchestration API", version },
    servers: [{ url: API_PREFIX }],
    paths,
    components: { schemas },
  };
}

function operation(route: Route, schemaOf: (type: z.ZodType, io: "input" | "output") => object): object {
  const uuids = new Set(uuidParameters(route.path));
  const typed = route.params && (schemaOf(route.params, "input") as { properties?: Record<string, object> }).properties;
  const inPath = [...route.path.matchAll(/\{(\w+)(?::uuid)?\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: typed?.[name] ?? (uuids.has(name) ? { type: "string", format: "uuid" } : { type: "string" }),
  }));
  const responses = Object.entries(route.responses).map(([status, type]) => [
    status,
    type === null
      ? { description: "Successful Response" }
      : {
          description: "Successful Response",
          content: { "application/json": { schema: schemaOf(type, "output") } },
        },
  ]);
  return {
    summary: route.summary,
    operationId: operationId(route),
    tags: [route.path.split("/")[1]],
    parameters: [...inPath, ...inQuery(route, schemaOf)],
    ...(route.body && {
      requestBody: {
        required: !route.body.optional,
        content: { "application/json": { schema: schemaOf(route.body.schema, "input") } },
      },
    }),
    responses: { ...Object.fromEntries(responses), 422: { description: "Validation Error" } },
  };
}

function inQuery(route: Route, schemaOf: (type: z.ZodType, io: "input" | "output") => object): object[] {
  if (route.query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(route.query, "input") as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

/** In FastAPI's form: words of the summary, then the path and the method. */
function operationId({ summary, path, method }: Route): string {
  const words = summary.toLowerCase().replaceAll(" ", "_");
  return `${words}${path.replaceAll(":uuid}", "}").replace(/\W/g, "_")}_${method.toLowerCase()}`;
}

function withComponents(schema: object): string {
  return JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
}
