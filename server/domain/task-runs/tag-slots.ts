import type { Db } from "../../store/store.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import type { TaskRunRow } from "../../store/tables/task-runs.ts";
import { parseJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { take } from "../concurrency-limits/slot-arithmetic.ts";
import { lockTagLimits, returnTagSlots, tagOf } from "../concurrency-limits/tag-limits.ts";
import type { Context } from "../context.ts";
import { jittered } from "../jitter.ts";
import { NO_TAG_SLOTS, type TagSlots } from "../orchestration/task-run-transition.ts";

/** A task run's tags with a limit: what the rules need to know of them, and giving slots back. */

const MOST_WAIT_SECONDS = 10;

export function tagSlots(limits: readonly ConcurrencyLimitRow[], now: Timestamp): TagSlots {
  const active = limits.filter((limit) => limit.active === 1);
  if (active.length === 0) return NO_TAG_SLOTS;
  const closed = active.find((limit) => limit.limit === 0);
  const full = active.some((limit) => take(limit, 1, now) === undefined);
  return {
    closed: closed === undefined ? null : tagOf(closed),
    full: full ? { tags: active.map(tagOf), waitSeconds: waitSeconds(active) } : null,
  };
}

/** How long a slot of the most used limit is held on average, with jitter. */
function waitSeconds(limits: readonly ConcurrencyLimitRow[]): number {
  const used = (limit: ConcurrencyLimitRow) => limit.active_slots / limit.limit;
  const blocking = limits.reduce((most, limit) => (used(limit) > used(most) ? limit : most));
  return jittered(Math.min(blocking.avg_slot_occupancy_seconds || MOST_WAIT_SECONDS, MOST_WAIT_SECONDS), Math.random);
}

/** The limits on the run's tags, locked until the write ends. */
export async function lockTagLimitsOf(tx: Db, run: TaskRunRow): Promise<ConcurrencyLimitRow[]> {
  return lockTagLimits(tx, parseJson(run.tags) as string[]);
}

/** Gives back whatever the run holds. */
export async function returnTagSlotsOf(context: Context, tx: Db, run: TaskRunRow): Promise<void> {
  await returnTagSlots(context, tx, await lockTagLimitsOf(tx, run), run.id);
}
