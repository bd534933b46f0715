import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ordinaryEnvironment } from "../environment.ts";
import { type PrefectInstall, startPrefect } from "../prefect/server.ts";
import { startServe } from "../reference-server.ts";
import { type Behind, behindPostgres, behindSqlite } from "./waiting-runs.ts";

/** A server that is measured. */
export interface Contestant {
  readonly name: string;
  /** Starts it on an empty database: a SQLite file of its own, or a PostgreSQL database of that URL. */
  start(postgres: string | undefined): Promise<Started>;
}

export interface Started {
  /** Ends in `/api`. */
  api: string;
  pid: number;
  /** From the start of the process to the first answer of a server that is ready. */
  readyMs: number;
  behind(): Promise<Behind>;
  stop(): Promise<void>;
}

export const OURS = "prefect-iac";

/** `command` is the built `prefect-iac.js`. */
export function referenceServer(command: string): Contestant {
  return {
    name: OURS,
    async start(postgres) {
      const folder = await mkdtemp(join(tmpdir(), "prefect-iac-bench-"));
      const file = join(folder, "server.db");
      const begin = performance.now();
      const server = await startServe(command, { db: postgres ?? file, env: ordinaryEnvironment() });
      const api = server.url;
      const ready = await fetch(`${api}/ready`);
      if (!ready.ok) throw new Error(`prefect-iac serve announced itself before it was ready: ${ready.status}`);
      return {
        api,
        pid: server.pid,
        readyMs: performance.now() - begin,
        behind: async () => (postgres === undefined ? behindSqlite(file) : behindPostgres(postgres)),
        async stop() {
          await server[Symbol.asyncDispose]();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

export function realPrefect(install: PrefectInstall): Contestant {
  return {
    name: `Prefect ${install.version}`,
    async start(postgres) {
      const begin = performance.now();
      const server = await startPrefect(install, postgres);
      return {
        api: server.url,
        pid: server.pid,
        readyMs: performance.now() - begin,
        behind: async () => (postgres === undefined ? behindSqlite(server.file) : behindPostgres(postgres)),
        stop: async () => server[Symbol.asyncDispose](),
      };
    },
  };
}
