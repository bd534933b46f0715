import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** Closes keep-alive connections when the app closes: those that never sent a request at once (browsers and probes open them), the others
 *  with the response that is under way. Otherwise `app.close()` would wait for their clients. */
export function closeConnectionsOnClose(app: FastifyInstance): void {
  let closing = false;
  const unused = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  for (const event of ["request", "upgrade"]) {
    app.server.on(event, ({ socket }: IncomingMessage) => unused.delete(socket));
  }
  app.addHook("preClose", async () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  });
  app.addHook("onSend", (_, reply, payload, done) => {
    if (closing) reply.header("connection", "close");
    done(null, payload);
  });
}
