import { deleteLogsOf, insertLogs, type LogFilter, logsOfFlowRun } from "../store/queries/logs.ts";
import type { Db } from "../store/store.ts";
import type { LogRow } from "../store/tables/logs.ts";
import type { Timestamp } from "../values/timestamp.ts";
import type { Context } from "./context.ts";
import { textMatches } from "./text-search.ts";

export type NewLog = Omit<LogRow, "id" | "created" | "updated">;

/** Stores log lines and publishes them. */
export async function addLogs({ store, clock, ids, bus }: Context, newLogs: readonly NewLog[]): Promise<void> {
  if (newLogs.length === 0) return;
  const now = clock.now();
  const rows = newLogs.map((log): LogRow => ({ id: ids.uuid7(), created: now, updated: now, ...log }));
  await store.write((tx) => insertLogs(tx, rows));
  bus.publish("logs", rows);
}

const FORGOTTEN_TOGETHER = 1000;

/** Deletes the logs of deleted runs in the background, in batches: there may be very many. */
export function forgetLogs(
  { store, background }: Context,
  column: "flow_run_id" | "task_run_id",
  runIds: readonly string[],
): void {
  if (runIds.length === 0) return;
  background.run(`logs of ${runIds[0]} and ${runIds.length - 1} more`, async () => {
    while ((await store.write((tx) => deleteLogsOf(tx, column, runIds, FORGOTTEN_TOGETHER))) === FORGOTTEN_TOGETHER);
  });
}

/** Whether a log line matches a filter: the same as the SQL condition in store/queries/logs.ts. */
export function logMatches(filter: LogFilter, log: LogRow): boolean {
  const { level, timestamp, flow_run_id, task_run_id, text } = filter;
  const criteria: boolean[] = [];
  if (level != null) criteria.push(within(log.level, level.ge_, level.le_));
  if (timestamp != null) criteria.push(within(log.timestamp, timestamp.after_, timestamp.before_));
  if (flow_run_id != null) criteria.push(isOneOf(log.flow_run_id, flow_run_id.any_));
  if (task_run_id != null) criteria.push(ofTaskRun(task_run_id, log));
  if (text != null) criteria.push(textMatches(text, `${log.message}\n${log.name}`));
  if (criteria.length === 0) return true;
  return filter.operator === "or_" ? criteria.some(Boolean) : criteria.every(Boolean);
}

function within<T extends number | string>(value: T, least: T | null | undefined, most: T | null | undefined): boolean {
  return (least == null || value >= least) && (most == null || value <= most);
}

function ofTaskRun({ any_, is_null_ }: NonNullable<LogFilter["task_run_id"]>, { task_run_id }: LogRow): boolean {
  return isOneOf(task_run_id, any_) && (is_null_ == null || is_null_ === (task_run_id === null));
}

function isOneOf(id: string | null, any: readonly string[] | null | undefined): boolean {
  return any == null || (id !== null && any.includes(id));
}

const CSV_PAGE = 500;

/** A flow run's logs as CSV, in chunks. */
export async function* logsAsCsv(db: Db, flowRunId: string): AsyncGenerator<string> {
  yield csvLine(["timestamp", "level", "flow_run_id", "task_run_id", "message"]);
  let last: LogRow | undefined;
  for (;;) {
    const rows = await logsOfFlowRun(db, flowRunId, last, CSV_PAGE);
    if (rows.length === 0) return;
    yield rows
      .map((row) =>
        csvLine([asPython(row.timestamp), String(row.level), row.flow_run_id, row.task_run_id, row.message]),
      )
      .join("");
    last = rows.at(-1);
  }
}

function csvLine(fields: readonly (string | null)[]): string {
  const quoted = fields.map((field) => (/[",\r\n]/.test(field ?? "") ? `"${field?.replaceAll('"', '""')}"` : field));
  return `${quoted.join(",")}\r\n`;
}

/** A timestamp as Python prints it. */
function asPython(timestamp: Timestamp): string {
  return timestamp.replace("T", " ").replace(/(\.000000)?Z$/, "+00:00");
}
