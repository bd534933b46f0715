import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Log } from "../runtime/log.ts";

/** Makes request ids: the client's X-Request-Id where it is short and plain enough for a log, else a number. */
export function requestIds(): (request: Pick<IncomingMessage, "headers">) => string {
  let count = 0;
  return ({ headers }) => {
    const id = headers["x-request-id"];
    if (typeof id === "string" && /^[\w.:-]{1,64}$/.test(id)) return id;
    count += 1;
    return count.toString(36);
  };
}

/** Logs a line for each response. Never a body, a query or a header: they may hold secrets. */
export function logAccess(app: FastifyInstance, log: Log): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    const fields = {
      method: request.method,
      path: request.url.split("?", 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      id: request.id,
    };
    log.info(fields, "request");
  });
  app.addHook("onRequestAbort", async (request) => {
    log.info({ method: request.method, path: request.url.split("?", 1)[0], id: request.id }, "request aborted");
  });
}
