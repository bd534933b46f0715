import { table } from "../table.ts";
import type { Outcome } from "./load.ts";
import { type Database, type Figures, LISTENERS, WAITING, WORKERS } from "./server.ts";
import { cases, MOST_CLIENTS } from "./server-cases.ts";

const MEGABYTE = 1_000_000;

/** What is promised of a start, and of a poll of many waiting runs. */
const MOST_READY_MS = 500;
const MOST_IDLE_BYTES = 120 * MEGABYTE;
const POLL_FACTOR = 20;
const MOST_POLL_GROWTH = 1.5;

/** The figures of one database as a table: the first server's, those of others, how many times faster the first one is. */
export function serverReport(database: Database, all: readonly Figures[]): string[] {
  const [ours, theirs] = all;
  if (ours === undefined) return [];
  const rows: string[][] = [];
  const row = (what: string, cell: (figures: Figures) => string, factor = "", goal = "") => {
    rows.push([what, ...all.map(cell), factor, goal]);
  };
  for (const { name, target } of cases) {
    for (const clients of ours.outcomes.get(name)?.keys() ?? []) {
      const of = (figures: Figures) => figures.outcomes.get(name)?.get(clients) as Outcome;
      const goal = target?.[clients];
      const factor = theirs && perSecond(of(ours)) / perSecond(of(theirs));
      const what = `${name}, ${clients} client${clients === 1 ? "" : "s"}`;
      row(
        what,
        (figures) => show(of(figures)),
        times(factor),
        judged(factor, (value) => value >= (goal ?? 0), goal),
      );
    }
  }
  for (const waiting of WAITING) {
    const of = (figures: Figures) => figures.polls.get(waiting) as Outcome;
    const factor = theirs && perSecond(of(ours)) / perSecond(of(theirs));
    const goal = waiting === 5000 ? POLL_FACTOR : undefined;
    const what = `poll, ${waiting.toLocaleString("en")} waiting`;
    row(
      what,
      (figures) => show(of(figures)),
      times(factor),
      judged(factor, (value) => value >= POLL_FACTOR, goal),
    );
  }
  const [few = 0, most = 0] = [WAITING[0], WAITING.at(-1)].map((waiting) => waiting ?? 0);
  // Medians: a busy machine, or a checkpoint, shows in the rate.
  const median = (figures: Figures, waiting: number) => figures.polls.get(waiting)?.p50Ms ?? Number.NaN;
  const growth = (figures: Figures) => median(figures, most) / median(figures, few);
  row(
    `poll, ${most.toLocaleString("en")} over ${few.toLocaleString("en")} waiting`,
    (figures) => times(growth(figures)),
    "",
    judged(growth(ours), (value) => value <= MOST_POLL_GROWTH, `≤ ${MOST_POLL_GROWTH}`),
  );
  row(
    `${WORKERS.workers} workers, every ${WORKERS.everySeconds} s`,
    ({ workers }) => `${wrongShare(workers.wrong, workers.requests)} p95 ${milliseconds(workers.p95Ms)}`,
    "",
    judged(ours.workers.wrong, (wrong) => wrong === 0, "no error"),
  );
  for (const [name, outcome] of ours.overheard) {
    const without = perSecond(ours.outcomes.get(name)?.get(MOST_CLIENTS));
    const share = Math.round((perSecond(outcome) / without) * 100);
    rows.push([
      `${name}, ${MOST_CLIENTS} clients, ${LISTENERS} listeners`,
      `${show(outcome)}, ${share} % of that without`,
    ]);
  }
  row(
    "ready after the start",
    ({ readyMs }) => milliseconds(readyMs),
    times(theirs && theirs.readyMs / ours.readyMs),
    judged(ours.readyMs, (ready) => ready < MOST_READY_MS, `< ${MOST_READY_MS} ms`),
  );
  row(
    "memory when idle",
    ({ idleBytes }) => megabytes(idleBytes),
    times(theirs && theirs.idleBytes / ours.idleBytes),
    judged(ours.idleBytes, (idle) => idle < MOST_IDLE_BYTES, `< ${megabytes(MOST_IDLE_BYTES)}`),
  );
  row(
    "memory after all that",
    ({ loadedBytes }) => megabytes(loadedBytes),
    times(theirs && theirs.loadedBytes / ours.loadedBytes),
  );
  const head = [database, ...all.map(({ server }) => server), theirs === undefined ? "" : "factor", "aim"];
  return ["", ...table(head, rows), ""];
}

function perSecond(outcome: Outcome | undefined): number {
  return outcome === undefined ? Number.NaN : outcome.right / outcome.seconds;
}

function show(outcome: Outcome): string {
  const { right, wrong, p50Ms, p95Ms } = outcome;
  const rate = perSecond(outcome);
  const errors = wrong === 0 ? "" : `${wrongShare(wrong, right + wrong)} `;
  return `${errors}${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en")}/s ${milliseconds(p50Ms)} (p95 ${milliseconds(p95Ms)})`;
}

function wrongShare(wrong: number, all: number): string {
  return `${wrong === 0 ? 0 : ((wrong / all) * 100).toFixed(1)} % errors,`;
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

function judged(
  value: number | undefined,
  isMet: (value: number) => boolean,
  goal: number | string | undefined,
): string {
  if (goal === undefined) return "";
  const words = typeof goal === "number" ? `≥ ${goal} ×` : goal;
  return value === undefined || Number.isNaN(value) ? words : `${words} ${isMet(value) ? "✓" : "✗"}`;
}
