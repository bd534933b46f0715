import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Log } from "../runtime/log.ts";

/** A request's id: the one it brings, if it is fit for a log, or a number. */
export function requestIds(): (request: Pick<IncomingMessage, "headers">) => string {
  let count = 0;
  return ({ headers }) => {
    const given = headers["x-request-id"];
    if (typeof given === "string" && /^[\w.:-]{1,64}$/.test(given)) return given;
    count += 1;
    return count.toString(36);
  };
}

/** A line for each answer. Never what a body, a query or a header says: they may hold what is nobody's business. */
export function logAccess(app: FastifyInstance, log: Log): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    const facts = {
      method: request.method,
      path: request.url.split("?", 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      id: request.id,
    };
    log.info(facts, "request");
  });
  app.addHook("onRequestAbort", async (request) => {
    log.info({ method: request.method, path: request.url.split("?", 1)[0], id: request.id }, "request given up");
  });
}
