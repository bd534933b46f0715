import type { Json } from "../../../schema/json.ts";
import { ordinaryEnvironment } from "../../../tools/environment.ts";
import { PrefectHttp } from "../../../tools/prefect-http.ts";
import { RecordingProxy } from "../../../tools/recording-proxy.ts";
import { startReferenceServer } from "../../../tools/reference-server.ts";
import { setup } from "./setup.ts";

/** A running server. The provider reaches it through a recording proxy, the test itself directly. */
export interface TestServer extends AsyncDisposable {
  /** For the provider: through the proxy. */
  readonly url: string;
  readonly proxy: RecordingProxy;
  /** Without the proxy, which has no websockets: for Prefect's own client. */
  readonly directUrl: string;
  /** Without the proxy. Throws: Error for a status that is neither 2xx nor 404; `undefined` for 404. */
  request(method: string, path: string, body?: Json): Promise<Json | undefined>;
}

export interface ServerSpec {
  readonly name: string;
  start(options?: ServerOptions): Promise<TestServer>;
}

/** What the server requires of its clients (the reference server only: the real one is shared). */
export interface ServerOptions {
  authString?: string;
  /** Unsafe requests need a CSRF token; `request` sends none. */
  csrf?: boolean;
}

export const referenceServer: ServerSpec = {
  name: "the reference server",
  start: async (options = {}) => {
    const { authString, csrf } = options;
    const env = ordinaryEnvironment();
    if (authString !== undefined) env.PREFECT_SERVER_API_AUTH_STRING = authString;
    if (csrf) env.PREFECT_SERVER_CSRF_PROTECTION_ENABLED = "true";
    const server = await startReferenceServer({ project: setup.project, db: "memory", env });
    return withProxy(server.url, authString, () => server[Symbol.asyncDispose]());
  },
};

export const realPrefect: ServerSpec = {
  name: "a real Prefect",
  start: () => withProxy(setup.realUrl, undefined, async () => {}),
};

export const servers: readonly ServerSpec[] = [referenceServer, realPrefect];

async function withProxy(
  url: string,
  authString: string | undefined,
  stop: () => PromiseLike<void>,
): Promise<TestServer> {
  const proxy = await RecordingProxy.start(url);
  const direct = new PrefectHttp(url, { authString });
  return {
    url: proxy.url,
    proxy,
    directUrl: url,
    request: (method, path, body) => direct.request(method, path, body),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await stop();
    },
  };
}
