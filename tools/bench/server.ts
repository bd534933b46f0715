import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { bundleCommand } from "../bundle-command.ts";
import { startPostgres } from "../postgres.ts";
import { prefectInstall } from "../prefect/server.ts";
import { type Contestant, OURS, realPrefect, referenceServer, type Started } from "./contestants.ts";
import { openListeners } from "./listeners.ts";
import { measure, type Outcome } from "./load.ts";
import { residentBytes } from "./process-figures.ts";
import { cases, MOST_CLIENTS, poll, setStage } from "./server-cases.ts";
import { serverReport } from "./server-report.ts";
import { median } from "./statistics.ts";
import { runWorkers, type WorkersOutcome } from "./worker-fleet.ts";

export interface ServerOptions {
  /** How long each load lasts. */
  seconds: number;
  /** Beside a real Prefect, which is installed into the cache if it is not there. */
  beside: boolean;
  databases: readonly Database[];
  say(line: string): void;
}

export type Database = "SQLite" | "PostgreSQL";

/** What one server did on one database. */
export interface Figures {
  server: string;
  readyMs: number;
  idleBytes: number;
  loadedBytes: number;
  /** By case and number of clients. */
  outcomes: ReadonlyMap<string, ReadonlyMap<number, Outcome>>;
  /** By number of runs that wait. */
  polls: ReadonlyMap<number, Outcome>;
  workers: WorkersOutcome;
  /** By case, with all clients, while many listen to events. Prefect's own server on SQLite stops at a hundred of them. */
  overheard: ReadonlyMap<string, Outcome>;
}

/** Most requests of one load: what is created stays, and slows down what follows. */
const MOST_REQUESTS = 20_000;
export const WAITING = [1000, 5000, 100_000];
export const LISTENERS = 500;
/** Which cases are measured again with listeners. */
export const OVERHEARD = ["read a pool", "set a run's state"];
export const WORKERS = { workers: 200, seconds: 10, everySeconds: 2 };
const SETTLING_MS = 3000;
const STARTS = 5;

const root = join(import.meta.dirname, "..", "..");

/** Measures our server beside Prefect's own, with the same load on the same machine, one after the other. */
export async function measureServers({ seconds, beside, databases, say }: ServerOptions): Promise<void> {
  // Within the project, where PostgreSQL's driver is found.
  const folder = await mkdtemp(join(root, ".cache", "bench-"));
  try {
    await bundleCommand(folder);
    const ours = referenceServer(join(folder, "bin", "prefect-iac.js"));
    const contestants = beside ? [ours, realPrefect(await prefectInstall(say))] : [ours];
    for (const database of databases) {
      const figures: Figures[] = [];
      for (const contestant of contestants) figures.push(await onDatabase(database, contestant, seconds, say));
      for (const line of serverReport(database, figures)) say(line);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onDatabase(database: Database, contestant: Contestant, seconds: number, say: (line: string) => void) {
  if (database === "SQLite") return measureOne(contestant, seconds, async () => undefined, say);
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
    return await measureOne(contestant, seconds, newDatabase, say);
  } finally {
    await postgres.stop();
  }
}

async function measureOne(
  contestant: Contestant,
  seconds: number,
  place: () => Promise<string | undefined>,
  say: (line: string) => void,
): Promise<Figures> {
  const { name } = contestant;
  const isOurs = name === OURS;
  say(`… ${name}: starting`);
  const postgres = await place();
  const starts = isOurs ? await startTimes(contestant, place) : [];
  const started = await contestant.start(postgres);
  try {
    await delay(SETTLING_MS);
    const idleBytes = residentBytes(started.pid);
    const stage = await setStage(started.api);
    const outcomes = new Map<string, Map<number, Outcome>>();
    for (const { name: what, next } of cases) {
      say(`… ${name}: ${what}`);
      const load = { seconds, most: MOST_REQUESTS, next: next(stage) };
      const single = await measure(started.api, { ...load, clients: 1 });
      const many = await measure(started.api, { ...load, clients: MOST_CLIENTS });
      outcomes.set(
        what,
        new Map([
          [1, single],
          [MOST_CLIENTS, many],
        ]),
      );
    }
    const overheard = isOurs ? await measureOverheard(started.api, stage, seconds) : new Map<string, Outcome>();
    say(`… ${name}: polling`);
    const polls = await measurePolls(started, stage, seconds);
    say(`… ${name}: ${WORKERS.workers} workers`);
    const workers = await runWorkers(started.api, { pool: stage.pool, ...WORKERS });
    const loadedBytes = residentBytes(started.pid);
    const readyMs = starts.length > 0 ? median(starts) : started.readyMs;
    return { server: name, readyMs, idleBytes, loadedBytes, outcomes, polls, workers, overheard };
  } finally {
    await started.stop();
  }
}

/** The first start compiles, and is not counted: people start more than once. */
async function startTimes(contestant: Contestant, place: () => Promise<string | undefined>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round <= STARTS; round++) {
    const { readyMs, stop } = await contestant.start(await place());
    await stop();
    if (round > 0) times.push(readyMs);
  }
  return times;
}

async function measurePolls(started: Started, stage: Awaited<ReturnType<typeof setStage>>, seconds: number) {
  const polls = new Map<number, Outcome>();
  const behind = await started.behind();
  try {
    let waiting = stage.waitingIds.length;
    for (const count of WAITING) {
      await behind.copyRuns(stage.waitingIds, count - waiting);
      waiting = count;
      polls.set(count, await measure(started.api, { clients: 1, seconds, most: MOST_REQUESTS, next: poll(stage) }));
    }
  } finally {
    await behind.close();
  }
  return polls;
}

async function measureOverheard(api: string, stage: Awaited<ReturnType<typeof setStage>>, seconds: number) {
  const close = await openListeners(api, LISTENERS);
  const overheard = new Map<string, Outcome>();
  for (const { name, next } of cases) {
    if (!OVERHEARD.includes(name)) continue;
    const load = { seconds, most: MOST_REQUESTS, clients: MOST_CLIENTS, next: next(stage) };
    overheard.set(name, await measure(api, load));
  }
  await close();
  return overheard;
}
