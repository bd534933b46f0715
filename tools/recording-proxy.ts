import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";

/** A request as it passed by. */
export interface Passed {
  method: string;
  /** Path and query, as sent. */
  path: string;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
  /** Of the answer; absent while there is none. */
  status?: number;
}

/** What happens to a request instead of simply being passed on. */
export type Intervention =
  | { answer: number; headers?: Record<string, string>; body?: string }
  /** Passed on; the answer waits for the promise. */
  | { holdAnswer: Promise<unknown> }
  /** Passed on; the answer is thrown away and the connection cut. */
  | "lose the answer";

/** Stands between a client and a server over plain HTTP: keeps a record of what passed, and interferes when told to. */
export class RecordingProxy implements AsyncDisposable {
  readonly requests: Passed[] = [];
  /** Asked for every request. `undefined` lets it pass. */
  intervene: (request: Passed) => Intervention | undefined = () => undefined;
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
  readonly #waiting: { wanted: (request: Passed) => boolean; arrived: (request: Passed) => void }[] = [];

  private constructor(target: URL) {
    this.#target = target;
  }

  static async before(target: string): Promise<RecordingProxy> {
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

  /** The next request that is wanted, as soon as its answer is known here (whether or not it is delivered). */
  next(wanted: (request: Passed) => boolean): Promise<Passed> {
    return new Promise((arrived) => this.#waiting.push({ wanted, arrived }));
  }

  /** Forgets the record, and answers what was in it. */
  take(): Passed[] {
    return this.requests.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const passed: Passed = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: body.toString(),
    };
    this.requests.push(passed);
    const intervention = this.intervene(passed);
    if (typeof intervention === "object" && "answer" in intervention) {
      this.#answered(passed, intervention.answer);
      outgoing.writeHead(intervention.answer, intervention.headers ?? { "content-type": "application/json" });
      outgoing.end(intervention.body ?? "");
      return;
    }
    this.#forward(passed, body, outgoing, intervention);
  }

  #answered(passed: Passed, status: number): void {
    passed.status = status;
    for (const waiter of this.#waiting.filter(({ wanted }) => wanted(passed))) {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.arrived(passed);
    }
  }

  #forward(
    passed: Passed,
    body: Buffer,
    outgoing: ServerResponse,
    intervention: Exclude<Intervention, { answer: number }> | undefined,
  ): void {
    const forwarded = send(
      {
        host: this.#target.hostname,
        port: this.#target.port,
        method: passed.method,
        path: passed.path,
        headers: { ...passed.headers, host: this.#target.host, connection: "keep-alive" },
        agent: this.#agent,
      },
      (answer) => {
        this.#answered(passed, answer.statusCode ?? 0);
        if (intervention === "lose the answer") {
          answer.resume().on("end", () => outgoing.destroy());
          return;
        }
        const deliver = () => {
          outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.pipe(outgoing);
        };
        if (intervention === undefined) deliver();
        else void intervention.holdAnswer.finally(deliver);
      },
    );
    forwarded.on("error", () => outgoing.destroy());
    forwarded.end(body);
  }
}
