import http from "node:http";
import type { AddressInfo } from "node:net";

export interface RecordedRequest {
  method: string;
  /** Path and query as sent, escapes included. */
  path: string;
  body: string;
}

/** What to do with one request: `pass` it on, `cut` the connection before it reaches the server, `lose` the server's answer by cutting
 *  the connection after the server has carried the request out, `hang`: never answer what was carried out, or answer something
 *  else, with or without carrying it out. */
export type NetworkFault =
  | "pass"
  | "cut"
  | "lose"
  | "hang"
  | { instead: { status: number; body: string; type?: string } }
  | { after: { status: number; body: string; type?: string } };

export interface Network {
  readonly url: string;
  readonly requests: RecordedRequest[];
  /** Decides for each request; set it in a test, and it stays until it is set again. */
  faultFor: (request: RecordedRequest) => NetworkFault;
  /** Awaited before a request is passed on: what somebody else does just then. */
  beforeForwarding: (request: RecordedRequest) => Promise<void>;
  /** Writes (all but GET and the filters) since the last call. */
  writes(): RecordedRequest[];
  stop(): Promise<void>;
}

/** An HTTP proxy on loopback that records what passes and fails on command: the network between provider and server. */
export async function startNetwork(target: string): Promise<Network> {
  const { port } = new URL(target);
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => void handle(incoming, outgoing, Buffer.concat(chunks)));
  });

  async function handle(incoming: http.IncomingMessage, outgoing: http.ServerResponse, body: Buffer): Promise<void> {
    const recorded = { method: incoming.method ?? "", path: incoming.url ?? "", body: body.toString() };
    network.requests.push(recorded);
    const trick = network.faultFor(recorded);
    if (trick === "cut") {
      incoming.socket.destroy();
      return;
    }
    if (typeof trick === "object" && "instead" in trick) {
      answer(outgoing, trick.instead);
      return;
    }
    await network.beforeForwarding(recorded);
    const options = {
      port,
      host: "127.0.0.1",
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      agent,
    };
    const forwarded = http.request(options, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (chunk: Buffer) => parts.push(chunk));
      response.on("end", () => {
        if (trick === "hang") return;
        if (trick === "lose") incoming.socket.destroy();
        else if (typeof trick === "object" && "after" in trick) answer(outgoing, trick.after);
        else {
          const { "transfer-encoding": _encoding, connection: _connection, ...headers } = response.headers;
          outgoing.writeHead(response.statusCode ?? 502, headers);
          outgoing.end(Buffer.concat(parts));
        }
      });
    });
    forwarded.on("error", () => incoming.socket.destroy());
    forwarded.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let seen = 0;
  const network: Network = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    requests: [],
    faultFor: () => "pass",
    beforeForwarding: async () => {},
    writes() {
      const fresh = network.requests.slice(seen);
      seen = network.requests.length;
      return fresh.filter(({ method, path }) => method !== "GET" && !/\/(filter|count)$/.test(path));
    },
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return network;
}

function answer(
  outgoing: http.ServerResponse,
  { status, body, type }: { status: number; body: string; type?: string },
): void {
  outgoing.writeHead(status, { "content-type": type ?? "application/json" });
  outgoing.end(body);
}
