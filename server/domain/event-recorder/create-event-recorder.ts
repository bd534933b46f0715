import { setTimeout as delay } from "node:timers/promises";
import { insertEvents } from "../../store/queries/events.ts";
import type { Db } from "../../store/store.ts";
import { StoreError } from "../../store/store-error.ts";
import type { Bus, PublishedEvent } from "../bus.ts";
import type { Context } from "../context.ts";
import { type Event, eventJson, MOST_EVENT_BYTES, writeEvent, writeResources } from "../events/event.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import { EventsOfChanges, type ReportedChange } from "./from-changes.ts";
import { recordTaskRuns } from "./record-task-runs.ts";
import { isTaskRunReport, readTaskRunReport, type TaskRunRecord } from "./task-run-event.ts";

type RecorderContext = Pick<Context, "store" | "clock" | "ids" | "log"> & { readonly bus: Bus };

interface Job {
  events: readonly Event[];
  changes: readonly ReportedChange[];
  done(failure?: unknown): void;
}

/** Events per write. A single call may have more. */
const MAX_BATCH = 500;
/** Backoff while the database is unavailable. */
const RETRY_DELAYS_MS = [50, 100, 200, 400, 800, 1600, 3200];

/** One queue for all events of this process: those that arrive during a write are written together. */
export function createEventRecorder(surroundings: RecorderContext): EventRecorder {
  const { clock, ids, log } = surroundings;
  const maker = new EventsOfChanges(ids);
  const waiting: Job[] = [];
  let draining: Promise<void> | undefined;

  const add = (job: Job): void => {
    waiting.push(job);
    draining ??= drain();
  };
  const drain = async (): Promise<void> => {
    // Calls of the same turn of the event loop join the batch.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const jobs = takeTogether(waiting);
      try {
        await recordAll(surroundings, await eventsOf(surroundings, maker, jobs));
        for (const job of jobs) job.done();
      } catch (failure) {
        for (const job of jobs) job.done(failure);
      }
    }
    draining = undefined;
  };

  return {
    record(events) {
      const received = clock.now();
      return new Promise((resolve, reject) => {
        add({
          events: events.map((event) => ({ ...event, received })),
          changes: [],
          done: (failure) => (failure === undefined ? resolve() : reject(failure)),
        });
      });
    },
    follow(changes) {
      const at = clock.now();
      maker.observe(changes);
      add({
        events: [],
        changes: changes.map((change) => ({ change, at })),
        done: (err) => err !== undefined && log.error({ err }, "events of changes were lost"),
      });
    },
    async idle() {
      while (draining !== undefined) await draining;
    },
  };
}

function takeTogether(waiting: Job[]): Job[] {
  let size = 0;
  let count = 0;
  for (const { events, changes } of waiting) {
    size += events.length + changes.length;
    if (count > 0 && size > MAX_BATCH) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

async function eventsOf(
  { store, clock }: RecorderContext,
  maker: EventsOfChanges,
  jobs: readonly Job[],
): Promise<readonly Event[]> {
  const reported = jobs.flatMap((job) => job.changes);
  if (reported.length === 0) return jobs.flatMap((job) => job.events);
  const fromChanges = await maker.make(store.db, reported);
  const received = clock.now();
  // Changes come first: they happened before a client could report about them.
  return [...fromChanges.map((event) => ({ ...event, received })), ...jobs.flatMap((job) => job.events)];
}

async function recordAll(surroundings: RecorderContext, events: readonly Event[]): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await write(surroundings, events);
      return;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const patience = RETRY_DELAYS_MS[attempt];
      if (error.code !== "unavailable") break;
      if (patience === undefined) throw error;
      await delay(patience);
    }
  }
  // The database refuses one of them: write the others without it.
  for (const event of events) {
    await write(surroundings, [event]).catch((err: unknown) => {
      if (!(err instanceof StoreError) || err.code === "unavailable") throw err;
      surroundings.log.warn({ err, event: event.event, id: event.id }, "an event was refused by the database");
    });
  }
}

async function write({ store, clock, bus, log }: RecorderContext, events: readonly Event[]): Promise<void> {
  const entries = new Map<string, Entry>();
  for (const event of events) if (!entries.has(event.id)) entries.set(event.id, entryOf(event));
  for (const { event, json } of entries.values()) {
    // A character has at most four bytes: short events need no counting.
    if (json.length * 4 <= MOST_EVENT_BYTES || Buffer.byteLength(json) <= MOST_EVENT_BYTES) continue;
    log.warn({ event: event.event.slice(0, 100), id: event.id, length: json.length }, "an event is too large");
    entries.delete(event.id);
  }
  if (entries.size === 0) return;
  const all = [...entries.values()];
  const fresh = await store.write((tx) => insert(tx, all, clock.now()));
  bus.publish(
    "events",
    all.filter(({ event }) => fresh.has(event.id)),
  );
}

interface Entry extends PublishedEvent {
  row: ReturnType<typeof writeEvent>;
}

function entryOf(event: Event): Entry {
  const row = writeEvent(event);
  return { event, row, json: eventJson(row) };
}

async function insert(tx: Db, entries: readonly Entry[], now: string): Promise<ReadonlySet<string>> {
  const fresh = await insertEvents(
    tx,
    entries.map(({ row }) => row),
    entries.flatMap(({ event }) => writeResources(event)),
  );
  const reports: TaskRunRecord[] = [];
  for (const { event } of entries) {
    if (!fresh.has(event.id) || !isTaskRunReport(event)) continue;
    const report = readTaskRunReport(event);
    if (report !== undefined) reports.push(report);
  }
  if (reports.length > 0) await recordTaskRuns(tx, reports, now);
  return fresh;
}
