import { table } from "../table.ts";
import type { Outcome } from "./measure-load.ts";
import { type Database, type Figures, LISTENERS, WAITING, WORKERS } from "./measure-servers.ts";
import { cases, MAX_CLIENTS } from "./server-cases.ts";

const MEGABYTE = 1_000_000;

/** Targets for a start, and for a poll with many waiting runs. */
const MAX_READY_MS = 500;
const MAX_IDLE_BYTES = 120 * MEGABYTE;
const POLL_FACTOR = 20;
const MAX_POLL_GROWTH = 1.5;

/** The figures of one database as a table: a column for each server, and how many times faster the first one is than the second. */
export function serverReport(database: Database, all: readonly Figures[]): string[] {
  const [ours, prefect] = all;
  if (ours === undefined) return [];
  const rows: string[][] = [];
  const row = (what: string, cell: (figures: Figures) => string, factor = "", goal = "") => {
    rows.push([what, ...all.map(cell), factor, goal]);
  };
  for (const { name, target } of cases) {
    for (const clients of ours.outcomes.get(name)?.keys() ?? []) {
      const of = (figures: Figures) => figures.outcomes.get(name)?.get(clients) as Outcome;
      const goal = target?.[clients];
      const factor = prefect && perSecond(of(ours)) / perSecond(of(prefect));
      const what = `${name}, ${clients} client${clients === 1 ? "" : "s"}`;
      row(
        what,
        (figures) => show(of(figures)),
        times(factor),
        verdict(factor, (value) => value >= (goal ?? 0), goal),
      );
    }
  }
  for (const waiting of WAITING) {
    const of = (figures: Figures) => figures.polls.get(waiting) as Outcome;
    const factor = prefect && perSecond(of(ours)) / perSecond(of(prefect));
    const goal = waiting === 5000 ? POLL_FACTOR : undefined;
    const what = `poll, ${waiting.toLocaleString("en")} waiting`;
    row(
      what,
      (figures) => show(of(figures)),
      times(factor),
      verdict(factor, (value) => value >= POLL_FACTOR, goal),
    );
  }
  const [few = 0, most = 0] = [WAITING[0], WAITING.at(-1)].map((waiting) => waiting ?? 0);
  // Medians: other load, or a checkpoint, affects the rate.
  const median = (figures: Figures, waiting: number) => figures.polls.get(waiting)?.p50Ms ?? Number.NaN;
  const growth = (figures: Figures) => median(figures, most) / median(figures, few);
  row(
    `poll, ${most.toLocaleString("en")} over ${few.toLocaleString("en")} waiting`,
    (figures) => times(growth(figures)),
    "",
    verdict(growth(ours), (value) => value <= MAX_POLL_GROWTH, `≤ ${MAX_POLL_GROWTH}`),
  );
  row(
    `${WORKERS.workers} workers, every ${WORKERS.everySeconds} s`,
    ({ workers }) => `${failedShare(workers.failed, workers.requests)} p95 ${milliseconds(workers.p95Ms)}`,
    "",
    verdict(ours.workers.failed, (failed) => failed === 0, "no error"),
  );
  for (const [name, outcome] of ours.withListeners) {
    const without = perSecond(ours.outcomes.get(name)?.get(MAX_CLIENTS));
    const share = Math.round((perSecond(outcome) / without) * 100);
    rows.push([
      `${name}, ${MAX_CLIENTS} clients, ${LISTENERS} listeners`,
      `${show(outcome)}, ${share} % of that without`,
    ]);
  }
  row(
    "ready after the start",
    ({ readyMs }) => milliseconds(readyMs),
    times(prefect && prefect.readyMs / ours.readyMs),
    verdict(ours.readyMs, (ready) => ready < MAX_READY_MS, `< ${MAX_READY_MS} ms`),
  );
  row(
    "memory when idle",
    ({ idleBytes }) => megabytes(idleBytes),
    times(prefect && prefect.idleBytes / ours.idleBytes),
    verdict(ours.idleBytes, (idle) => idle < MAX_IDLE_BYTES, `< ${megabytes(MAX_IDLE_BYTES)}`),
  );
  row(
    "memory after the load",
    ({ loadedBytes }) => megabytes(loadedBytes),
    times(prefect && prefect.loadedBytes / ours.loadedBytes),
  );
  const head = [database, ...all.map(({ server }) => server), prefect === undefined ? "" : "factor", "aim"];
  return ["", ...table(head, rows), ""];
}

function perSecond(outcome: Outcome | undefined): number {
  return outcome === undefined ? Number.NaN : outcome.succeeded / outcome.seconds;
}

function show(outcome: Outcome): string {
  const { succeeded, failed, p50Ms, p95Ms } = outcome;
  const rate = perSecond(outcome);
  const errors = failed === 0 ? "" : `${failedShare(failed, succeeded + failed)} `;
  return `${errors}${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en")}/s ${milliseconds(p50Ms)} (p95 ${milliseconds(p95Ms)})`;
}

function failedShare(failed: number, all: number): string {
  return `${failed === 0 ? 0 : ((failed / all) * 100).toFixed(1)} % errors,`;
}

function milliseconds(value: number): string {
  if (Number.isNaN(value)) return "–";
  return value < 10 ? `${value.toFixed(2)} ms` : `${Math.round(value).toLocaleString("en")} ms`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEGABYTE)} MB`;
}

function times(factor: number | undefined): string {
  if (factor === undefined || Number.isNaN(factor)) return "";
  return `${factor < 10 ? factor.toFixed(1) : Math.round(factor).toLocaleString("en")} ×`;
}

function verdict(
  value: number | undefined,
  isMet: (value: number) => boolean,
  goal: number | string | undefined,
): string {
  if (goal === undefined) return "";
  const words = typeof goal === "number" ? `≥ ${goal} ×` : goal;
  return value === undefined || Number.isNaN(value) ? words : `${words} ${isMet(value) ? "✓" : "✗"}`;
}
