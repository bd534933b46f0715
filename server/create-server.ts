import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { createContext, type ServerParts } from "./create-context.ts";
import { ApiError } from "./domain/api-error.ts";
import type { Context } from "./domain/context.ts";
import { csrfCheck } from "./domain/csrf.ts";
import { logAccess, requestIds } from "./http/access-log.ts";
import { checkApiVersion } from "./http/api-version.ts";
import { authCheck } from "./http/guards.ts";
import { requestReader } from "./http/mount-route.ts";
import { notFoundHandler } from "./http/not-found.ts";
import { openApi } from "./http/openapi.ts";
import { routerPath } from "./http/path-template.ts";
import { isJson } from "./http/request/body.ts";
import { limitExceeded } from "./http/request/json-limits.ts";
import { RequestValidationError } from "./http/request/validation-error.ts";
import { compressResponses } from "./http/response/compress.ts";
import { writeJson } from "./http/response/json-text.ts";
import { PlainText } from "./http/response/plain-text.ts";
import type { Route } from "./http/route.ts";
import { routes } from "./routes/index.ts";
import { UI_SETTINGS_PATH, uiSettings } from "./routes/root/ui-settings.ts";
import { socketRoutes } from "./routes/sockets.ts";
import type { Log } from "./runtime/log.ts";
import { API_VERSION } from "./runtime/server-config.ts";
import { attachSockets } from "./sockets/sockets.ts";
import { StoreError } from "./store/store-error.ts";
import { parseJson } from "./values/json.ts";

/** The server as an app that does not listen yet: `app.inject()` for tests, `app.listen()` for the rest. The store stays the
 *  caller's to close. */
export function createServer(parts: ServerParts): FastifyInstance {
  return createApp(createContext(parts));
}

/** The same around a context that somebody else works with, too. */
export function createApp(context: Context): FastifyInstance {
  const app = fastify({
    bodyLimit: context.config.bodyLimitBytes,
    // A client's unfinished request must not hold its connection for ever.
    requestTimeout: 60_000,
    // A path that can't be decoded, which never comes to a route.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, context.log),
    keepAliveTimeout: 75_000,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 4096 },
    genReqId: requestIds(),
    // Routes judge requests by themselves: without this, fastify would load two compilers for its own way.
    schemaController: { compilersFactory: { buildValidator: () => unused, buildSerializer: () => unused } },
    // Upstream's router sees decoded paths: an escaped slash parts segments like any other.
    rewriteUrl: ({ url = "/" }) => (url.includes("%2") ? withoutEscapedSlashes(url) : url),
  });
  acceptJson(app);
  if (context.config.accessLog) logAccess(app, context.log);
  compressResponses(app);
  sayGoodbye(app);
  guard(app, context);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, context.log));
  app.setNotFoundHandler(notFoundHandler(routes, "/api"));
  for (const route of routes) mount(app, route, context);
  serveOpenApi(app);
  app.get(UI_SETTINGS_PATH, { exposeHeadRoute: false }, async (request, reply) =>
    reply.send(uiSettings(`${request.protocol}://${request.host}`, context.config)),
  );
  attachSockets(app, socketRoutes, context);
  app.addHook("onClose", async () => {
    await context.background.idle();
    await context.events.idle();
  });
  return app;
}

function unused(): never {
  throw new Error("no route declares a schema in fastify's way");
}

/** An answer that is finished while the server closes ends its connection, which would else be waited for until its client
 *  closes it. Connections that nothing was asked on yet, as browsers and probes open them, are not waited for at all. */
function sayGoodbye(app: FastifyInstance): void {
  let closing = false;
  const silent = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  for (const event of ["request", "upgrade"]) {
    app.server.on(event, ({ socket }: IncomingMessage) => silent.delete(socket));
  }
  app.addHook("preClose", async () => {
    closing = true;
    for (const socket of silent) socket.destroy();
  });
  app.addHook("onSend", (_, reply, payload, done) => {
    if (closing) reply.header("connection", "close");
    done(null, payload);
  });
}

function withoutEscapedSlashes(url: string): string {
  const [path = "", ...query] = url.split("?");
  return [path.replace(/%2f/gi, "/"), ...query].join("?");
}

/** Bodies are JSON whatever the content type says nothing about; of another stated type they are text, which no model takes. */
function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, bytes, done) => {
    if (bytes.length === 0) done(null, undefined);
    else {
      try {
        const text = decode(bytes as Buffer);
        done(null, isJson(request.headers["content-type"]) ? parseBody(text) : text);
      } catch (error) {
        done(error as Error);
      }
    }
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What is no UTF-8 is not put right: nobody would get back what they sent. Throws: ApiError. */
function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ApiError("bad_request", "There was an error parsing the body");
  }
}

/** Throws: ApiError, RequestValidationError. */
function parseBody(text: string): unknown {
  const much = limitExceeded(text);
  if (much === "depth") throw new ApiError("bad_request", "There was an error parsing the body");
  if (much === "values") throw new ApiError("too_large", "Request body holds too many values");
  try {
    return parseJson(text);
  } catch (error) {
    throw error instanceof SyntaxError ? notJson(text) : error;
  }
}

function notJson(text: string): RequestValidationError {
  const detail = {
    type: "json_invalid",
    loc: ["body", 0],
    msg: "JSON decode error",
    input: {},
    ctx: { error: "invalid JSON" },
  };
  return new RequestValidationError([detail], text);
}

/** What every request passes before its route: CSRF first, then the auth string, as upstream's middleware is stacked. */
function guard(app: FastifyInstance, context: Context): void {
  const { authString, csrfProtection } = context.config;
  if (csrfProtection) {
    app.addHook("onRequest", async (request) => {
      if (UNSAFE.has(request.method)) await csrfCheck(request.headers, context);
    });
  }
  if (authString !== undefined) {
    const check = authCheck(authString);
    const exempt = new Set(routes.filter((route) => route.exempt).map((route) => `${route.method} /api${route.path}`));
    app.addHook("onRequest", async (request) => {
      const path = request.url.split("?", 1)[0];
      if (path === UI_SETTINGS_PATH || exempt.has(`${request.method} ${path}`)) return;
      check(request.headers.authorization);
    });
  }
}

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

function mount(app: FastifyInstance, route: Route, context: Context): void {
  const receive = requestReader(route);
  app.route({
    method: route.method,
    url: `/api${routerPath(route.path)}`,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      if (lacksName(request.params as object)) return reply.callNotFound();
      if (!route.anyVersion) checkApiVersion(request.headers["x-prefect-api-version"]);
      const answer = await route.handle(receive(request), context);
      if (context.config.checkResponses) checkAnswer(route, answer.status, answer.body);
      reply.code(answer.status);
      if (answer.headers !== undefined) reply.headers(answer.headers);
      if (route.responses[answer.status] === null) return reply.send();
      if (answer.body instanceof PlainText)
        return reply.header("content-type", answer.body.type).send(answer.body.text);
      return reply.header("content-type", "application/json").send(writeJson(answer.body));
    },
  });
}

/** fastify's router takes nothing for a name, too: `/variables/name/`. */
function lacksName(params: object): boolean {
  return Object.values(params).includes("");
}

function serveOpenApi(app: FastifyInstance): void {
  let document: string | undefined;
  app.get("/api/openapi.json", { exposeHeadRoute: false }, async (_, reply) => {
    document ??= JSON.stringify(openApi(routes, API_VERSION));
    return reply.header("content-type", "application/json").send(document);
  });
}

function checkAnswer(route: Route, status: number, body: unknown): void {
  const type = route.responses[status];
  if (type === undefined) throw new Error(`${route.method} ${route.path} does not declare status ${status}`);
  if (type === null || body instanceof PlainText) return;
  const result = type.safeParse(JSON.parse(writeJson(body)));
  if (!result.success)
    throw new Error(`${route.method} ${route.path} answers what it does not declare: ${result.error.message}`);
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  if (error instanceof RequestValidationError) return sendJson(reply, 422, error.responseBody(request.body));
  const apiError = toApiError(error);
  if (apiError.code === "internal" || apiError.code === "unavailable") {
    const path = request.url.split("?", 1)[0];
    log.error({ err: error, method: request.method, path, id: request.id }, "request failed");
  }
  return sendJson(reply.headers({ ...apiError.headers }), apiError.status, apiError.body);
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
  // fastify's own: a body that is too large, a path that can't be decoded.
  const status = (error as Partial<FastifyError>).statusCode;
  if (status === 413) return new ApiError("too_large", "Request body is too large");
  if (status !== undefined && status >= 400 && status < 500)
    return new ApiError("bad_request", "There was an error parsing the request");
  return new ApiError("internal", "Internal Server Error");
}

const INTEGRITY =
  "Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.";
