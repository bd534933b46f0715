import type { Json } from "../../../schema/json.ts";
import { ordinaryEnvironment } from "../../../tools/environment.ts";
import { PrefectByHand } from "../../../tools/prefect-by-hand.ts";
import { RecordingProxy } from "../../../tools/recording-proxy.ts";
import { startReferenceServer } from "../../../tools/reference-server.ts";
import { machine } from "./machine.ts";

/** A server to converge, with a proxy in front that the provider talks through, and a way past it for the test's own eyes. */
export interface World extends AsyncDisposable {
  /** For the provider: through the proxy. */
  readonly url: string;
  readonly proxy: RecordingProxy;
  /** Past the proxy, which knows nothing of websockets: for Prefect's own client. */
  readonly directUrl: string;
  /** Past the proxy. Throws: Error for an answer that is neither 2xx nor 404; `undefined` for 404. */
  ask(method: string, path: string, body?: Json): Promise<Json | undefined>;
}

export interface Server {
  readonly name: string;
  open(options?: OpenOptions): Promise<World>;
}

/** What the server asks of its clients (the reference server only: the real one is shared). */
export interface OpenOptions {
  authString?: string;
  /** Unsafe requests need a token; `ask` brings none. */
  csrf?: boolean;
}

export const referenceServer: Server = {
  name: "the reference server",
  open: async (options = {}) => {
    const { authString, csrf } = options;
    const env = ordinaryEnvironment();
    if (authString !== undefined) env.PREFECT_SERVER_API_AUTH_STRING = authString;
    if (csrf) env.PREFECT_SERVER_CSRF_PROTECTION_ENABLED = "true";
    const server = await startReferenceServer({ project: machine.project, db: "memory", env });
    return through(server.url, authString, () => server[Symbol.asyncDispose]());
  },
};

export const realPrefect: Server = {
  name: "a real Prefect",
  open: () => through(machine.realUrl, undefined, async () => {}),
};

export const servers: readonly Server[] = [referenceServer, realPrefect];

async function through(target: string, authString: string | undefined, stop: () => PromiseLike<void>): Promise<World> {
  const proxy = await RecordingProxy.before(target);
  const byHand = new PrefectByHand(target, { authString });
  return {
    url: proxy.url,
    proxy,
    directUrl: target,
    ask: (method, path, body) => byHand.ask(method, path, body),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await stop();
    },
  };
}
