import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket } from "ws";
import type { Store } from "../../../server/index.ts";
import type { ServerConfig } from "../../../server/runtime/server-config.ts";
import { type Api, apiOn } from "./api.ts";

export interface Closed {
  code: number;
  reason: string;
}

/** A websocket as a client has it: messages wait until they are taken. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly #messages: string[] = [];
  #wake: (() => void) | undefined;
  #done = false;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.#messages.push(String(data));
      this.#wake?.();
    });
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => {
        this.#done = true;
        this.#wake?.();
        resolve({ code, reason: String(reason) });
      });
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The next message. Throws: Error when the socket closes first. */
  async next<T = Record<string, unknown>>(): Promise<T> {
    while (this.#messages.length === 0) {
      if (this.#done) throw new Error("the socket closed without another message");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return JSON.parse(this.#messages.shift() as string) as T;
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#messages.length;
  }

  /** Closes, and answers when both ends know. */
  async close(): Promise<Closed> {
    this.socket.close();
    return this.closed;
  }
}

/** A server in this process that listens on a port, and on a clock that tests move. */
export interface Listening extends AsyncDisposable {
  readonly api: Api;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Opens a websocket below `/api`; with the subprotocol, unless others are given. Throws: Error with the status of a refusal. */
  connect(path: string, protocols?: string[]): Promise<SocketClient>;
  /** The same, and past the authentication. */
  open(path: string, token?: string | null): Promise<SocketClient>;
}

export async function listen(store: Store, config: Partial<ServerConfig> = {}): Promise<Listening> {
  const api = apiOn(store, config);
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const connect = async (path: string, protocols = ["prefect"]): Promise<SocketClient> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api${path}`, protocols);
    const client = new SocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("unexpected-response", (_, response) => reject(new Error(`status ${response.statusCode}`)));
      socket.once("error", reject);
    });
    return client;
  };
  return {
    api,
    origin,
    connect,
    async open(path, token = null) {
      const client = await connect(path);
      client.send({ type: "auth", token });
      const answer = await client.next();
      if (answer.type !== "auth_success") throw new Error(JSON.stringify(answer));
      return client;
    },
    async [Symbol.asyncDispose]() {
      await api.app.close();
    },
  };
}

/** Answers when the event was emitted. */
export async function untilClosed(client: SocketClient): Promise<Closed> {
  if (client.socket.readyState !== WebSocket.CLOSED) await once(client.socket, "close");
  return client.closed;
}
