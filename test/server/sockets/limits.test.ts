import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openStore } from "../../../server/index.ts";
import { START } from "../support/api.ts";
import { type Listening, listen, SocketClient } from "../support/sockets.ts";

async function on(config: Parameters<typeof listen>[1], test: (server: Listening) => Promise<void>): Promise<void> {
  const store = await openStore("memory");
  try {
    await using server = await listen(store, config);
    await test(server);
  } finally {
    await store.close();
  }
}

const everything = {
  type: "filter",
  filter: { occurred: { since: START, until: "2099-01-01T00:00:00Z" } },
  backfill: false,
};

let count = 0;

function event(payload: object = {}) {
  count += 1;
  return {
    id: `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
    occurred: START,
    event: "test",
    resource: { "prefect.resource.id": "test" },
    payload,
  };
}

/** A websocket whose owner reads nothing at all after the handshake. */
async function deafClient(origin: string, messages: readonly object[]): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET /api/events/out HTTP/1.1\r\nhost: ${hostname}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${Buffer.alloc(16).toString("base64")}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  for (const message of messages) {
    const payload = Buffer.from(JSON.stringify(message));
    if (payload.length > 0xffff) throw new Error("too long for this frame");
    const head = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
    socket.write(Buffer.concat([head, payload]));
  }
  return socket;
}

describe("a websocket", () => {
  it("is closed for a message beyond the limit, and the others go on", () =>
    on({}, async (server) => {
      const filter = await server.open("/events/out");
      filter.send({ type: "filter", filter: { text: { query: "x".repeat(1024 * 1024) } } });
      expect(await filter.closed).toMatchObject({ code: 1009 });
      expect((await server.api.get("/health")).body).toBe(true);
    }));

  it("is dropped when its reader does not read, whatever is sent", () =>
    on({ socketBacklogBytes: 256 * 1024 }, async (server) => {
      const deaf = await deafClient(server.origin, [everything]);
      const dropped = new Promise((resolve) => deaf.once("close", resolve));
      const reader = await server.open("/events/out");
      reader.send(everything);
      // It has to be listening before anything is sent: then the first event reaches it.
      await server.api.post("/events", [event()]);
      await reader.next();
      // More than any system buffers by itself.
      let sent = 1;
      while (server.api.app.server.listening && (await connections(server)) > 1) {
        await server.api.post("/events", [event({ text: "x".repeat(1_000_000) })]);
        sent += 1;
        expect((await reader.next<{ type: string }>()).type).toBe("event");
        expect(sent).toBeLessThan(200);
      }
      deaf.resume();
      deaf.on("error", () => {});
      await dropped;
      await reader.close();
    }));

  it("is given up when it answers no ping", () =>
    on({ socketPingSeconds: 0.05 }, async (server) => {
      const socket = new WebSocket(`${server.origin.replace("http", "ws")}/api/events/out`, ["prefect"], {
        autoPong: false,
      });
      expect(await new SocketClient(socket).closed).toEqual({ code: 1006, reason: "" });
    }));

  it("stays while it answers them", () =>
    on({ socketPingSeconds: 0.02 }, async (server) => {
      const client = await server.open("/events/out");
      let pings = 0;
      await new Promise<void>((resolve) => {
        client.socket.on("ping", () => {
          pings += 1;
          if (pings === 5) resolve();
        });
      });
      client.send(everything);
      // Whoever was given up has 1006.
      expect(await client.close()).toEqual({ code: 1005, reason: "" });
    }));

  it("is told to come back when the server ends, and the end waits for it", async () => {
    const store = await openStore("memory");
    const server = await listen(store);
    const clients = await Promise.all([
      server.open("/events/in"),
      server.open("/events/out"),
      server.connect("/logs/out"),
    ]);
    await server[Symbol.asyncDispose]();
    for (const client of clients) {
      expect(await client.closed).toEqual({ code: 1012, reason: "Server is shutting down" });
    }
    await store.close();
  });
});

describe("500 idle websockets", () => {
  it(
    "all hear an event, while requests are answered",
    () =>
      on({}, async (server) => {
        const clients = await Promise.all(Array.from({ length: 500 }, () => server.open("/events/out")));
        for (const client of clients) client.send({ ...everything, backfill: true });
        const sent = event();
        expect((await server.api.post("/events", [sent])).status).toBe(204);
        const heard = await Promise.all(clients.map((client) => client.next<{ event: { id: string } }>()));
        expect(new Set(heard.map((message) => message.event.id))).toEqual(new Set([sent.id]));
        expect((await server.api.get("/health")).body).toBe(true);
        await Promise.all(clients.map((client) => client.close()));
      }),
    60_000,
  );
});

function connections(server: Listening): Promise<number> {
  return new Promise((resolve, reject) =>
    server.api.app.server.getConnections((error, number) => (error ? reject(error) : resolve(number))),
  );
}
