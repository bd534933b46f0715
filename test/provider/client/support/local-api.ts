import http from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import {
  type Call,
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

export interface Asked {
  method: string;
  /** Path and query as they arrived. */
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: { [name: string]: string };
  /** Announce the whole answer, send half of it, and cut the connection. */
  half?: true;
}

export type Answering = (asked: Asked, times: number) => Reply | "cut" | "hang" | Promise<Reply | "cut" | "hang">;

export interface LocalApi {
  origin: string;
  /** What arrived, the question for the version left out. */
  asked: Asked[];
  api: PrefectApi;
  time: FakeTime;
  said: string[];
  warned: string[];
}

export const NOWHERE = {
  env: {},
  readFile(): never {
    throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  },
};

/** A server on loopback that answers as told, and a client of it on a clock of its own. `answer` gets the request and how often its
 *  method and path have come. GET /api/admin/version says 3.8.4 unless `version` answers otherwise. Ends with the test. */
export async function localApi(
  answer: Answering,
  options: {
    given?: RawSettings;
    version?: Answering;
    path?: string;
    createServer?: typeof http.createServer;
    scheme?: string;
  } = {},
): Promise<LocalApi> {
  const asked: Asked[] = [];
  const times = new Map<string, number>();
  const version: Answering = options.version ?? (() => ({ json: "3.8.4" }));
  const server = (options.createServer ?? http.createServer)(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    const forVersion = one.path.endsWith("/admin/version");
    if (!forVersion) asked.push(one);
    const key = `${one.method} ${one.path}`;
    const count = (times.get(key) ?? 0) + 1;
    times.set(key, count);
    reply(response, await (forVersion ? version : answer)(one, count));
  });
  const origin = `${options.scheme ?? "http"}://127.0.0.1:${await listen(server)}`;
  const [said, warned]: string[][] = [[], []];
  const hooks: Hooks = { debug: (text) => said?.push(text), warn: (text) => warned?.push(text) };
  const time = new FakeTime();
  const settings = resolveSettings({ apiUrl: origin + (options.path ?? "/api"), ...options.given }, NOWHERE);
  const api = connect(settings, hooks, time);
  onTestFinished(() => api.close());
  return { origin, asked, api, time, said: said ?? [], warned: warned ?? [] };
}

/** The PrefectError that a call ends with. */
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

function reply(response: http.ServerResponse, told: Reply | "cut" | "hang"): void {
  if (told === "hang") return;
  if (told === "cut") {
    response.destroy();
    return;
  }
  const text = told.text ?? (told.json === undefined ? "" : JSON.stringify(told.json));
  const type = told.text === undefined ? "application/json" : "text/html";
  const length = String(Buffer.byteLength(text));
  response.writeHead(told.status ?? 200, { "content-type": type, "content-length": length, ...told.headers });
  if (told.half === true) response.write(text.slice(0, text.length / 2), () => response.destroy());
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

export const absent: Reply = { status: 404, json: { detail: 'Work pool "etl" not found.' } };
export const router404: Reply = { status: 404, json: { detail: "Not Found" } };

/** Work pools over the REST port: the requests that the tests of the client make. */
export function workPools(api: PrefectApi) {
  const answer = answerOf(workPool);
  return {
    create: async (body: JsonObject, call?: Call) =>
      (await api.create("/work_pools/", body, answer, call)).value.answer,
    read: async (name: string, call?: Call) => (await api.get(path`/work_pools/${name}`, answer, call))?.answer,
    update: (name: string, patch: JsonObject, call?: Call) => api.update(path`/work_pools/${name}`, patch, call),
    remove: (name: string, call?: Call) => api.remove(path`/work_pools/${name}`, call),
  };
}
