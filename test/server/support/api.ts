import type { FastifyInstance } from "fastify";
import { createContext } from "../../../server/create-context.ts";
import { createApp } from "../../../server/create-server.ts";
import type { Context } from "../../../server/domain/context.ts";
import { type ManualClock, manualClock, type Store } from "../../../server/index.ts";
import type { ServerConfig } from "../../../server/runtime/server-config.ts";

export interface ApiResponse {
  status: number;
  /** Parsed JSON; `undefined` when there is no body. */
  body: never;
  headers: Record<string, unknown>;
}

/** A server in this process, without a port, on a clock that tests move. */
export interface Api {
  readonly app: FastifyInstance;
  readonly clock: ManualClock;
  /** For services that share it. */
  readonly context: Context;
  get(path: string, headers?: Record<string, string>): Promise<ApiResponse>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiResponse>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<ApiResponse>;
  delete(path: string, headers?: Record<string, string>): Promise<ApiResponse>;
}

export const START = "2026-11-21T12:00:00.000000Z";

export function apiOn(store: Store, config: Partial<ServerConfig> = {}): Api {
  const clock = manualClock(START);
  const failures: unknown[] = [];
  const note = (fields: object) => failures.push(fields);
  const context = createContext({
    store,
    clock,
    config: { checkResponses: true, ...config },
    log: { debug() {}, info() {}, warn() {}, error: note },
  });
  const app = createApp(context);
  const call =
    (method: "GET" | "POST" | "PATCH" | "DELETE") =>
    async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiResponse> => {
      const response = await app.inject({
        method,
        url: `/api${path}`,
        headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
      const failure = failures.pop() as { err?: unknown } | undefined;
      if (failure?.err !== undefined && response.statusCode === 500) throw failure.err;
      return {
        status: response.statusCode,
        body: (response.body === "" ? undefined : JSON.parse(response.body)) as never,
        headers: response.headers,
      };
    };
  const [get, post, patch, remove] = [call("GET"), call("POST"), call("PATCH"), call("DELETE")];
  return {
    app,
    clock,
    context,
    get: (path, headers) => get(path, undefined, headers),
    post,
    patch,
    delete: (path, headers) => remove(path, undefined, headers),
  };
}
