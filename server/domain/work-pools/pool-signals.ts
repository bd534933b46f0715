import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import type { Bus } from "../bus.ts";
import type { Change } from "../changes.ts";

/** Columns that workers need to know. Not the status. */
const COLUMNS = [
  "base_job_template",
  "concurrency_limit",
  "is_paused",
  "storage_configuration",
] as const satisfies (keyof WorkPoolRow)[];

/** Publishes changes of pools that their workers need to know. */
export function signalPools(bus: Bus, changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.kind !== "work-pool") continue;
    const { before, after } = change.object;
    if (before === null) continue;
    const deleted = after === null;
    if (deleted || COLUMNS.some((column) => before[column] !== after[column])) {
      bus.publish("pools", [{ poolId: before.id, deleted }]);
    }
  }
}
