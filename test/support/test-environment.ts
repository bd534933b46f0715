import { setTimeout as delay } from "node:timers/promises";
import { createEngine } from "../../provider/engine/create-engine.ts";
import type { Engine } from "../../provider/engine/types.ts";
import { resources } from "../../provider/resources/index.ts";
import type { ProviderSettings } from "../../schema/config.ts";
import type { Json, JsonObject, PlanObject } from "../../schema/json.ts";
import { formatProblem } from "../../schema/problem.ts";
import { startServer } from "../../server/index.ts";
import { type Network, startNetwork } from "./network.ts";

/** A server, a network that can fail, and an engine: what a host would use, without the host. */
export interface TestEnvironment {
  readonly engine: Engine;
  readonly network: Network;
  readonly warnings: string[];
  /** Another process with the same configuration: it knows nothing of what the first one did. */
  newEngine(settings?: ProviderSettings): Engine;
  /** The API, as somebody else uses it: not through the proxy. */
  api(method: string, path: string, body?: Json): Promise<{ status: number; body: never }>;
  stop(): Promise<void>;
}

/** A world around a reference server of its own, or around the server at `url`, which is emptied first. */
export async function startTestEnvironment(settings: ProviderSettings = {}, url?: string): Promise<TestEnvironment> {
  const server = url === undefined ? await startServer({ port: 0 }) : { url, stop: () => empty(url) };
  if (url !== undefined) await empty(url);
  const network = await startNetwork(server.url);
  const warnings: string[] = [];
  const engines: Engine[] = [];
  const another = (more: ProviderSettings = settings): Engine => {
    const engine = createEngine({
      settings: { apiUrl: network.url, ...more },
      resources,
      environment: { env: {}, readFile: () => "" },
      warn: (message) => warnings.push(message),
    });
    engines.push(engine);
    return engine;
  };
  return {
    engine: another(),
    network,
    warnings,
    newEngine: another,
    api: apiOf(server.url),
    async stop() {
      for (const engine of engines) await engine.close();
      await network.stop();
      await server.stop();
    },
  };
}

type Ask = TestEnvironment["api"];

/** A real Prefect on SQLite answers 503 now and then, because another one of its own tasks writes: then the request is repeated. */
function apiOf(url: string): Ask {
  return async (method, path, body) => {
    const options =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${url}${path}`, { method, ...options });
      const text = await response.text();
      if (response.status !== 503 || attempt === MOST_ATTEMPTS) {
        return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as never };
      }
      await delay(100);
    }
  };
}

const MOST_ATTEMPTS = 50;

/** Removes all pools and limits of a server that belongs to the tests. */
async function empty(url: string): Promise<void> {
  const ask = apiOf(url);
  for (const { name } of (await ask("POST", "/work_pools/filter", {})).body as { name: string }[]) {
    await ask("DELETE", `/work_pools/${encodeURIComponent(name)}`);
  }
  for (const { id } of (await ask("POST", "/v2/concurrency_limits/filter", {})).body as { id: string }[]) {
    await ask("DELETE", `/v2/concurrency_limits/${id}`);
  }
}

/** A program with one resource and its state, taken through check, diff and apply as a host does it. Given a function, every
 *  operation runs in a process of its own, as it does in real life. */
export class Stack {
  id: string | undefined;
  state: JsonObject | undefined;
  readonly kind: string;
  #process: Engine | (() => Engine);

  constructor(process: Engine | (() => Engine), kind: string) {
    this.#process = process;
    this.kind = kind;
  }

  get #engine(): Engine {
    return typeof this.#process === "function" ? this.#process() : this.#process;
  }

  /** The same resource, seen by another process. */
  in(process: Engine): Stack {
    const stack = new Stack(process, this.kind);
    stack.id = this.id;
    stack.state = this.state;
    return stack;
  }

  /** Throws: Error with the problems when the check refuses. */
  check(given: PlanObject, engine = this.#engine): JsonObject {
    const { inputs, problems } = engine
      .resource(this.kind)
      .check({ program: given, inState: this.state !== undefined });
    const errors = problems.filter(({ severity }) => severity === "error").map(formatProblem);
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return inputs as JsonObject;
  }

  /** Applies a program. Answers what the plan said. */
  async up(given: PlanObject): Promise<"create" | "none" | "update" | "replace"> {
    const { kind } = this;
    const engine = this.#engine;
    const news = this.check(given, engine);
    if (this.state === undefined || this.id === undefined) {
      await this.#create(news, engine);
      return "create";
    }
    const decision = engine.resource(kind).diff({ olds: this.state, news });
    if (decision.outcome === "update") this.state = await engine.resource(kind).update({ olds: this.state, news });
    if (decision.outcome === "replace") {
      const old = { id: this.id, state: this.state };
      if (decision.deleteBeforeReplace) await engine.resource(kind).remove({ ...old });
      await this.#create(news, engine);
      if (!decision.deleteBeforeReplace) await engine.resource(kind).remove({ ...old });
    }
    return decision.outcome;
  }

  async #create(news: JsonObject, engine: Engine): Promise<void> {
    const made = await engine.resource(this.kind).create({ news });
    this.id = made.id;
    this.state = made.state;
  }

  /** What the next plan says, after looking at the server when `refresh` is set. */
  async plan(given: PlanObject, options: { refresh: boolean }): Promise<string> {
    if (options.refresh) await this.refresh();
    if (this.state === undefined) return "create";
    const engine = this.#engine;
    return engine.resource(this.kind).diff({ olds: this.state, news: this.check(given, engine) }).outcome;
  }

  async refresh(): Promise<void> {
    if (this.id === undefined || this.state === undefined) return;
    const seen = await this.#engine.resource(this.kind).read({ id: this.id, state: this.state });
    this.state = seen?.state;
    this.id = seen?.id;
  }

  async destroy(): Promise<void> {
    if (this.id === undefined || this.state === undefined) return;
    await this.#engine.resource(this.kind).remove({ state: this.state });
  }
}
