import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { startServer } from "../../../server/index.ts";

/** The test's own time is shorter than the server's patience with those who are in the middle of something. */
it.each([
  [
    "was refused an upgrade",
    "GET /api/nothing HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
  ],
  ["has asked nothing yet", ""],
  ["is in the middle of its first line", "GET /api/he"],
])(
  "the end does not wait for a peer that %s and never closes",
  async (_, request) => {
    const server = await startServer();
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write(request);
    if (request.endsWith("\r\n\r\n")) await once(socket, "data");
    // A request behind it in the queue of connections: the server has seen the first one, too.
    expect((await fetch(`${server.url}/health`, { headers: { connection: "close" } })).status).toBe(200);
    await server.stop();
    socket.destroy();
  },
  10_000,
);
