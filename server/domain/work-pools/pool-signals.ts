import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import type { Bus } from "../bus.ts";
import type { Change } from "../changes.ts";

/** What workers go by. A pool's status is none of it. */
const COLUMNS = [
  "base_job_template",
  "concurrency_limit",
  "is_paused",
  "storage_configuration",
] as const satisfies (keyof WorkPoolRow)[];

/** Tells those who serve workers that a pool has changed in what workers go by. */
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
