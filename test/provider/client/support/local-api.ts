import http from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import {
  type CallOptions,
  connect,
  type Hooks,
  type PrefectApi,
  PrefectError,
  path,
  resolveSettings,
} from "../../../../provider/client/index.ts";
import type { RawSettings } from "../../../../provider/client/settings/resolve-settings.ts";
import { answerOf } from "../../../../provider/resources/rest/api-names.ts";
import { workPool } from "../../../../schema/contracts/work-pool.ts";
import type { JsonObject } from "../../../../schema/json.ts";
import { FakeTime } from "./fake-time.ts";

export interface ReceivedRequest {
  method: string;
  /** Path and query as they arrived. */
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface FakeResponse {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: { [name: string]: string };
  /** Announces the whole body, sends half of it and closes the connection. */
  half?: true;
}

export type RequestHandler = (
  request: ReceivedRequest,
  times: number,
) => FakeResponse | "cut" | "hang" | Promise<FakeResponse | "cut" | "hang">;

export interface LocalApi {
  origin: string;
  /** The received requests, but those for the version. */
  requests: ReceivedRequest[];
  api: PrefectApi;
  time: FakeTime;
  debugLines: string[];
  warnings: string[];
}

export const EMPTY_ENVIRONMENT = {
  env: {},
  readFile(): never {
    throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  },
};

/** An HTTP server on loopback, and a client of it with a fake clock. `handler` gets the request and how many with its method and path
 *  have arrived. The response to GET /api/admin/version is 3.8.4 unless `version` handles it. Ends with the test. */
export async function localApi(
  handler: RequestHandler,
  options: {
    settings?: RawSettings;
    version?: RequestHandler;
    path?: string;
    createServer?: typeof http.createServer;
    scheme?: string;
  } = {},
): Promise<LocalApi> {
  const requests: ReceivedRequest[] = [];
  const times = new Map<string, number>();
  const version: RequestHandler = options.version ?? (() => ({ json: "3.8.4" }));
  const server = (options.createServer ?? http.createServer)(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    const isVersion = received.path.endsWith("/admin/version");
    if (!isVersion) requests.push(received);
    const key = `${received.method} ${received.path}`;
    const count = (times.get(key) ?? 0) + 1;
    times.set(key, count);
    respond(response, await (isVersion ? version : handler)(received, count));
  });
  const origin = `${options.scheme ?? "http"}://127.0.0.1:${await listen(server)}`;
  const debugLines: string[] = [];
  const warnings: string[] = [];
  const hooks: Hooks = { debug: (text) => debugLines.push(text), warn: (text) => warnings.push(text) };
  const time = new FakeTime();
  const settings = resolveSettings(
    { apiUrl: origin + (options.path ?? "/api"), ...options.settings },
    EMPTY_ENVIRONMENT,
  );
  const api = connect(settings, hooks, time);
  onTestFinished(() => api.close());
  return { origin, requests, api, time, debugLines, warnings };
}

/** The PrefectError that a call fails with. */
export async function failure(run: Promise<unknown>): Promise<PrefectError> {
  try {
    await run;
  } catch (error) {
    if (error instanceof PrefectError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

async function listen(server: http.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function respond(response: http.ServerResponse, fake: FakeResponse | "cut" | "hang"): void {
  if (fake === "hang") return;
  if (fake === "cut") {
    response.destroy();
    return;
  }
  const text = fake.text ?? (fake.json === undefined ? "" : JSON.stringify(fake.json));
  const type = fake.text === undefined ? "application/json" : "text/html";
  const length = String(Buffer.byteLength(text));
  response.writeHead(fake.status ?? 200, { "content-type": type, "content-length": length, ...fake.headers });
  if (fake.half === true) response.write(text.slice(0, text.length / 2), () => response.destroy());
  else response.end(text);
}

export const pool = {
  id: "330e8742-ad0f-48ac-8536-6b4048a5a309",
  created: "2026-03-01T12:00:00Z",
  updated: "2026-03-01T12:00:00Z",
  name: "etl",
  type: "process",
  description: null,
  is_paused: false,
  concurrency_limit: 5,
  base_job_template: {},
  storage_configuration: {},
  default_queue_id: "66f5265d-ccdb-4e41-8d2a-0f0a3c1c0001",
  status: "NOT_READY",
  active_slots: 0,
};

export const queue = {
  id: "66f5265d-ccdb-4e41-8d2a-0f0a3c1c0001",
  created: "2026-03-01T12:00:00Z",
  name: "default",
  description: "",
  is_paused: false,
  concurrency_limit: null,
  priority: 1,
  work_pool_id: pool.id,
  work_pool_name: "etl",
  status: "NOT_READY",
  last_polled: null,
  filter: null,
};

export const absent: FakeResponse = { status: 404, json: { detail: 'Work pool "etl" not found.' } };
export const router404: FakeResponse = { status: 404, json: { detail: "Not Found" } };

/** Work pools over the REST port: the requests that the tests of the client make. */
export function workPools(api: PrefectApi) {
  const answer = answerOf(workPool);
  return {
    create: async (body: JsonObject, call?: CallOptions) =>
      (await api.create("/work_pools/", body, answer, call)).value.answer,
    read: async (name: string, call?: CallOptions) => (await api.get(path`/work_pools/${name}`, answer, call))?.answer,
    update: (name: string, patch: JsonObject, call?: CallOptions) => api.update(path`/work_pools/${name}`, patch, call),
    remove: (name: string, call?: CallOptions) => api.remove(path`/work_pools/${name}`, call),
  };
}
