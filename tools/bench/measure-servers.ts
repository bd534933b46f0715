import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { bundleCommand } from "../bundle-command.ts";
import { startPostgres } from "../postgres.ts";
import { prefectInstall } from "../prefect/server.ts";
import {
  type BenchmarkedServer,
  REFERENCE_SERVER,
  realPrefect,
  referenceServer,
  type StartedServer,
} from "./benchmarked-servers.ts";
import { openListeners } from "./listeners.ts";
import { measure, type Outcome } from "./measure-load.ts";
import { residentBytes } from "./resident-bytes.ts";
import { runWorkers, type WorkersOutcome } from "./run-workers.ts";
import { cases, createFixtures, type Fixtures, MAX_CLIENTS, poll } from "./server-cases.ts";
import { serverReport } from "./server-report.ts";
import { median } from "./statistics.ts";

export interface ServerOptions {
  /** How long each load lasts. */
  seconds: number;
  /** With a real Prefect, which is installed into the cache if it is not there. */
  compare: boolean;
  databases: readonly Database[];
  log(line: string): void;
}

export type Database = "SQLite" | "PostgreSQL";

/** The results of one server on one database. */
export interface Figures {
  server: string;
  readyMs: number;
  idleBytes: number;
  loadedBytes: number;
  /** By case and number of clients. */
  outcomes: ReadonlyMap<string, ReadonlyMap<number, Outcome>>;
  /** By number of waiting runs. */
  polls: ReadonlyMap<number, Outcome>;
  workers: WorkersOutcome;
  /** By case, with all clients, while many websockets listen to events. Prefect's own server on SQLite fails at a hundred of them. */
  withListeners: ReadonlyMap<string, Outcome>;
}

/** Most requests of one load: created objects stay, and slow down later cases. */
const MAX_REQUESTS = 20_000;
export const WAITING = [1000, 5000, 100_000];
export const LISTENERS = 500;
/** Which cases are measured again with listeners. */
export const CASES_WITH_LISTENERS = ["read a pool", "set a run's state"];
export const WORKERS = { workers: 200, seconds: 10, everySeconds: 2 };
const SETTLING_MS = 3000;
const STARTS = 5;

const root = join(import.meta.dirname, "..", "..");

/** Measures the reference server and a real Prefect, one after the other, under the same load on the same machine. */
export async function measureServers({ seconds, compare, databases, log }: ServerOptions): Promise<void> {
  // Inside the repository, so that PostgreSQL's driver is found.
  const folder = await mkdtemp(join(root, ".cache", "bench-"));
  try {
    await bundleCommand(folder);
    const ours = referenceServer(join(folder, "bin", "prefect-iac.js"));
    const servers = compare ? [ours, realPrefect(await prefectInstall(log))] : [ours];
    for (const database of databases) {
      const figures: Figures[] = [];
      for (const server of servers) figures.push(await onDatabase(database, server, seconds, log));
      for (const line of serverReport(database, figures)) log(line);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onDatabase(database: Database, server: BenchmarkedServer, seconds: number, log: (line: string) => void) {
  if (database === "SQLite") return measureOne(server, seconds, async () => undefined, log);
  const postgres = await startPostgres({ durable: true });
  let count = 0;
  const newDatabase = async () => {
    count += 1;
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`create database bench_${count}`);
    await client.end();
    const url = new URL(postgres.url);
    url.pathname = `/bench_${count}`;
    return url.href;
  };
  try {
    return await measureOne(server, seconds, newDatabase, log);
  } finally {
    await postgres.stop();
  }
}

async function measureOne(
  server: BenchmarkedServer,
  seconds: number,
  newDatabase: () => Promise<string | undefined>,
  log: (line: string) => void,
): Promise<Figures> {
  const { name } = server;
  const isOurs = name === REFERENCE_SERVER;
  log(`… ${name}: starting`);
  const postgres = await newDatabase();
  const starts = isOurs ? await startTimes(server, newDatabase) : [];
  const started = await server.start(postgres);
  try {
    await delay(SETTLING_MS);
    const idleBytes = residentBytes(started.pid);
    const fixtures = await createFixtures(started.api);
    const outcomes = new Map<string, Map<number, Outcome>>();
    for (const { name: what, next } of cases) {
      log(`… ${name}: ${what}`);
      const load = { seconds, maxRequests: MAX_REQUESTS, next: next(fixtures) };
      const single = await measure(started.api, { ...load, clients: 1 });
      const many = await measure(started.api, { ...load, clients: MAX_CLIENTS });
      outcomes.set(
        what,
        new Map([
          [1, single],
          [MAX_CLIENTS, many],
        ]),
      );
    }
    const withListeners = isOurs
      ? await measureWithListeners(started.api, fixtures, seconds)
      : new Map<string, Outcome>();
    log(`… ${name}: polling`);
    const polls = await measurePolls(started, fixtures, seconds);
    log(`… ${name}: ${WORKERS.workers} workers`);
    const workers = await runWorkers(started.api, { pool: fixtures.pool, ...WORKERS });
    const loadedBytes = residentBytes(started.pid);
    const readyMs = starts.length > 0 ? median(starts) : started.readyMs;
    return { server: name, readyMs, idleBytes, loadedBytes, outcomes, polls, workers, withListeners };
  } finally {
    await started.stop();
  }
}

/** The first start fills Node's compile cache and is not counted. */
async function startTimes(
  server: BenchmarkedServer,
  newDatabase: () => Promise<string | undefined>,
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round <= STARTS; round++) {
    const { readyMs, stop } = await server.start(await newDatabase());
    await stop();
    if (round > 0) times.push(readyMs);
  }
  return times;
}

async function measurePolls(started: StartedServer, fixtures: Fixtures, seconds: number) {
  const polls = new Map<number, Outcome>();
  const database = await started.openDatabase();
  try {
    let waiting = fixtures.waitingIds.length;
    for (const count of WAITING) {
      await database.copyRuns(fixtures.waitingIds, count - waiting);
      waiting = count;
      polls.set(
        count,
        await measure(started.api, { clients: 1, seconds, maxRequests: MAX_REQUESTS, next: poll(fixtures) }),
      );
    }
  } finally {
    await database.close();
  }
  return polls;
}

async function measureWithListeners(api: string, fixtures: Fixtures, seconds: number) {
  const close = await openListeners(api, LISTENERS);
  const withListeners = new Map<string, Outcome>();
  for (const { name, next } of cases) {
    if (!CASES_WITH_LISTENERS.includes(name)) continue;
    const load = { seconds, maxRequests: MAX_REQUESTS, clients: MAX_CLIENTS, next: next(fixtures) };
    withListeners.set(name, await measure(api, load));
  }
  await close();
  return withListeners;
}
