import { lockLimits, updateLimit } from "../../store/queries/concurrency-limits.ts";
import { leasesOfHolder } from "../../store/queries/leases.ts";
import type { Db } from "../../store/store.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import type { TaskRunRow } from "../../store/tables/task-runs.ts";
import { parseJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { endLease, grantLease } from "../concurrency-limits/leases.ts";
import { take } from "../concurrency-limits/slot-arithmetic.ts";
import { LEASE_SECONDS, TAG_PREFIX, tagOf } from "../concurrency-limits/tag-limits.ts";
import type { Context } from "../context.ts";
import { jittered } from "../jitter.ts";
import { NO_TAG_SLOTS, type TagSlots } from "../orchestration/task-run-transition.ts";

/** The slots of tags' limits, as far as a change of a task run's state touches them. */

const MOST_WAIT_SECONDS = 10;

/** The limits on the run's tags, locked until the write ends. */
export async function tagLimits(tx: Db, run: TaskRunRow): Promise<ConcurrencyLimitRow[]> {
  const tags = parseJson(run.tags) as string[];
  if (tags.length === 0) return [];
  return lockLimits(tx, { column: "name", values: tags.map((tag) => TAG_PREFIX + tag) });
}

export function tagSlots(limits: readonly ConcurrencyLimitRow[], now: Timestamp): TagSlots {
  const active = limits.filter((limit) => limit.active === 1);
  if (active.length === 0) return NO_TAG_SLOTS;
  const closed = active.find((limit) => limit.limit === 0);
  const full = active.some((limit) => take(limit, 1, now) === undefined);
  return {
    closed: closed === undefined ? null : tagOf(closed),
    limitIds: active.map((limit) => limit.id),
    full: full ? { tags: active.map(tagOf), waitSeconds: waitSeconds(active) } : null,
  };
}

/** As long as a slot of the limit that is used most is held, on average; spread so that not all come back at once. */
function waitSeconds(limits: readonly ConcurrencyLimitRow[]): number {
  const used = (limit: ConcurrencyLimitRow) => limit.active_slots / limit.limit;
  const blocking = limits.reduce((most, limit) => (used(limit) > used(most) ? limit : most));
  return jittered(Math.min(blocking.avg_slot_occupancy_seconds || MOST_WAIT_SECONDS, MOST_WAIT_SECONDS), Math.random);
}

export async function takeTagSlots(
  context: Context,
  tx: Db,
  run: TaskRunRow,
  limits: readonly ConcurrencyLimitRow[],
): Promise<void> {
  const now = context.clock.now();
  const active = limits.filter((limit) => limit.active === 1);
  if (active.length === 0) return;
  for (const limit of active) {
    const after = take(limit, 1, now);
    if (after === undefined) throw new Error(`a slot of ${limit.name} was counted as free and is not`);
    await updateLimit(tx, limit.id, { updated: now, ...after });
  }
  await grantLease(context, tx, {
    limitIds: active.map((limit) => limit.id),
    slots: 1,
    seconds: LEASE_SECONDS,
    holder: { type: "task_run", id: run.id },
  });
}

/** Gives back whatever the run holds. */
export async function returnTagSlots(context: Context, tx: Db, run: TaskRunRow): Promise<void> {
  const limits = await tagLimits(tx, run);
  if (limits.length === 0) return;
  const ids = limits.map((limit) => limit.id);
  for (const lease of await leasesOfHolder(tx, run.id, ids)) await endLease(context, tx, lease);
}
