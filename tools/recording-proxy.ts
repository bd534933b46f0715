import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";

export interface RecordedRequest {
  method: string;
  /** Path and query, as sent. */
  path: string;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
  /** Of the response; absent until there is one. */
  status?: number;
}

/** What happens to a request instead of being forwarded. */
export type Intervention =
  /** Not forwarded: the proxy responds. */
  | { respond: number; headers?: Record<string, string>; body?: string }
  /** Forwarded; the response waits for the promise. */
  | { delayUntil: Promise<unknown> }
  /** Forwarded; the response is dropped and the connection closed. */
  | "drop the response";

/** A proxy between a client and a server over plain HTTP, which records the requests and can intervene. */
export class RecordingProxy implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  /** Called for every request. `undefined` forwards it. */
  intervene: (request: RecordedRequest) => Intervention | undefined = () => undefined;
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, outgoing) => void this.#handle(incoming, outgoing));
  readonly #waiting: {
    matches: (request: RecordedRequest) => boolean;
    resolve: (request: RecordedRequest) => void;
  }[] = [];

  private constructor(target: URL) {
    this.#target = target;
  }

  static async start(target: string): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(new URL(target));
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** The target's URL with this proxy's host and port. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy does not listen");
    return `http://127.0.0.1:${address.port}${this.#target.pathname.replace(/\/$/, "")}`;
  }

  /** The next request that matches, as soon as the proxy has its response (whether or not that is delivered). */
  waitFor(matches: (request: RecordedRequest) => boolean): Promise<RecordedRequest> {
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }));
  }

  /** Returns the recorded requests, and clears the record. */
  takeRequests(): RecordedRequest[] {
    return this.requests.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const request: RecordedRequest = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: body.toString(),
    };
    this.requests.push(request);
    const intervention = this.intervene(request);
    if (typeof intervention === "object" && "respond" in intervention) {
      this.#recordStatus(request, intervention.respond);
      outgoing.writeHead(intervention.respond, intervention.headers ?? { "content-type": "application/json" });
      outgoing.end(intervention.body ?? "");
      return;
    }
    this.#forward(request, body, outgoing, intervention);
  }

  #recordStatus(request: RecordedRequest, status: number): void {
    request.status = status;
    for (const waiter of this.#waiting.filter(({ matches }) => matches(request))) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.resolve(request);
    }
  }

  #forward(
    request: RecordedRequest,
    body: Buffer,
    outgoing: ServerResponse,
    intervention: Exclude<Intervention, { respond: number }> | undefined,
  ): void {
    const forwarded = send(
      {
        host: this.#target.hostname,
        port: this.#target.port,
        method: request.method,
        path: request.path,
        headers: { ...request.headers, host: this.#target.host, connection: "keep-alive" },
        agent: this.#agent,
      },
      (response) => {
        this.#recordStatus(request, response.statusCode ?? 0);
        if (intervention === "drop the response") {
          response.resume().on("end", () => outgoing.destroy());
          return;
        }
        const deliver = () => {
          outgoing.writeHead(response.statusCode ?? 0, response.headers);
          response.pipe(outgoing);
        };
        if (intervention === undefined) deliver();
        else void intervention.delayUntil.finally(deliver);
      },
    );
    forwarded.on("error", () => outgoing.destroy());
    forwarded.end(body);
  }
}
