import fastify, { type FastifyInstance } from "fastify";
import { createContext, type ServerParts } from "./create-context.ts";
import type { Context } from "./domain/context.ts";
import { logAccess, requestIds } from "./http/access-log.ts";
import { closeConnectionsOnClose } from "./http/close-connections.ts";
import { guardRequests } from "./http/guards.ts";
import { mountRoute } from "./http/mount-route.ts";
import { notFoundHandler } from "./http/not-found.ts";
import { serveOpenApi } from "./http/openapi.ts";
import { withoutEscapedSlashes } from "./http/path-template.ts";
import { parseBodies } from "./http/request/parse-body.ts";
import { compressResponses } from "./http/response/compress.ts";
import { errorHandler } from "./http/response/error-response.ts";
import { serveUiSettings } from "./http/ui-settings.ts";
import { routes } from "./routes/index.ts";
import { socketRoutes } from "./routes/sockets.ts";
import { attachSockets } from "./sockets/attach-sockets.ts";

/** The server as an app that does not listen yet: `app.inject()` for tests, `app.listen()` for the rest. The store stays the
 *  caller's to close. */
export function createServer(parts: ServerParts): FastifyInstance {
  return createApp(createContext(parts));
}

/** The same on a context that the caller shares with others, such as the background services. */
export function createApp(context: Context): FastifyInstance {
  const { config, log } = context;
  const app = fastify({
    bodyLimit: config.bodyLimitBytes,
    // A client's unfinished request must not hold its connection for ever.
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 4096 },
    genReqId: requestIds(),
    // Upstream's router sees decoded paths: an escaped slash separates segments like any other.
    rewriteUrl: ({ url = "/" }) => withoutEscapedSlashes(url),
    // For a path that can't be decoded, which never reaches a route.
    frameworkErrors: errorHandler(log),
    // Routes validate requests themselves: without this, fastify would load two compilers for schemas that no route declares.
    schemaController: { compilersFactory: { buildValidator: () => unused, buildSerializer: () => unused } },
  });
  // Hooks run in the order in which they are added here.
  parseBodies(app);
  if (config.accessLog) logAccess(app, log);
  compressResponses(app);
  closeConnectionsOnClose(app);
  guardRequests(app, routes, context);
  app.setErrorHandler(errorHandler(log));
  app.setNotFoundHandler(notFoundHandler(routes));

  for (const route of routes) mountRoute(app, route, context);
  serveOpenApi(app, routes);
  serveUiSettings(app, config);
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
