import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ordinaryEnvironment } from "../environment.ts";
import { type PrefectInstall, startPrefect } from "../prefect/server.ts";
import { startServeCommand } from "../reference-server.ts";
import { accessPostgres, accessSqlite, type DatabaseAccess } from "./database-access.ts";

export interface BenchmarkedServer {
  readonly name: string;
  /** Starts it on an empty database: a new SQLite file, or the PostgreSQL database at this URL. */
  start(postgres: string | undefined): Promise<StartedServer>;
}

export interface StartedServer {
  /** Ends in `/api`. */
  api: string;
  pid: number;
  /** From the start of the process until the server is ready. */
  readyMs: number;
  openDatabase(): Promise<DatabaseAccess>;
  stop(): Promise<void>;
}

export const REFERENCE_SERVER = "prefect-iac";

/** `command` is the built `prefect-iac.js`. */
export function referenceServer(command: string): BenchmarkedServer {
  return {
    name: REFERENCE_SERVER,
    async start(postgres) {
      const folder = await mkdtemp(join(tmpdir(), "prefect-iac-bench-"));
      const file = join(folder, "server.db");
      const begin = performance.now();
      const server = await startServeCommand(command, { db: postgres ?? file, env: ordinaryEnvironment() });
      const api = server.url;
      const ready = await fetch(`${api}/ready`);
      if (!ready.ok) throw new Error(`prefect-iac serve printed its URL before it was ready: ${ready.status}`);
      return {
        api,
        pid: server.pid,
        readyMs: performance.now() - begin,
        openDatabase: async () => (postgres === undefined ? accessSqlite(file) : accessPostgres(postgres)),
        async stop() {
          await server[Symbol.asyncDispose]();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

export function realPrefect(install: PrefectInstall): BenchmarkedServer {
  return {
    name: `Prefect ${install.version}`,
    async start(postgres) {
      const begin = performance.now();
      const server = await startPrefect(install, postgres);
      return {
        api: server.url,
        pid: server.pid,
        readyMs: performance.now() - begin,
        openDatabase: async () => (postgres === undefined ? accessSqlite(server.file) : accessPostgres(postgres)),
        stop: async () => server[Symbol.asyncDispose](),
      };
    },
  };
}
