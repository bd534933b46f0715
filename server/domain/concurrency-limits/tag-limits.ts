import {
  deleteLimit,
  limitById,
  limitByName,
  lockLimits,
  updateLimit,
} from "../../store/queries/concurrency-limits.ts";
import { dropFromLeases, leasesOfHolder } from "../../store/queries/leases.ts";
import type { Db } from "../../store/store.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { retryOnDuplicate } from "../duplicates.ts";
import { addLimit } from "./concurrency-limits.ts";
import { endLease, grantLease } from "./leases.ts";
import { take } from "./slot-arithmetic.ts";

/** The old limits by task tag (v1): a view on limits named `tag:<tag>`, whose holders are task runs with leases. */

export const TAG_PREFIX = "tag:";

/** Clients of the v1 routes can't renew leases: theirs last practically for ever. */
const LEASE_SECONDS = 100 * 365 * 86_400;
const RETRY_AFTER = "10.0";

export function tagOf(limit: ConcurrencyLimitRow): string {
  return limit.name.slice(TAG_PREFIX.length);
}

export async function putTagLimit(
  context: Context,
  tag: string,
  limit: number,
): Promise<{ row: ConcurrencyLimitRow; existed: boolean }> {
  const name = TAG_PREFIX + tag;
  return retryOnDuplicate(() =>
    context.store.write(async (tx) => {
      const [known] = await lockLimits(tx, { column: "name", values: [name] });
      if (known === undefined) return { row: await addLimit(context, tx, { name, limit }), existed: false };
      const changes = { limit, updated: context.clock.now() };
      await updateLimit(tx, known.id, changes);
      return { row: { ...known, ...changes }, existed: true };
    }),
  );
}

/** Throws: ApiError `not_found`. */
export async function findTagLimit(db: Db, tag: string): Promise<ConcurrencyLimitRow> {
  return found(await limitByName(db, TAG_PREFIX + tag));
}

/** Throws: ApiError `not_found`, also for a limit that is not a tag's. */
export async function findTagLimitById(db: Db, id: string): Promise<ConcurrencyLimitRow> {
  const limit = await limitById(db, id);
  return found(limit?.name.startsWith(TAG_PREFIX) ? limit : undefined);
}

function found(limit: ConcurrencyLimitRow | undefined): ConcurrencyLimitRow {
  if (limit === undefined) throw new ApiError("not_found", "Concurrency limit not found");
  return limit;
}

/** Deletes a limit and the leases on it. `key.id` finds any limit, not only tags', as Prefect's route does. */
export async function removeTagLimit({ store }: Context, key: { id: string } | { tag: string }): Promise<void> {
  await store.write(async (tx) => {
    const limit = "id" in key ? found(await limitById(tx, key.id)) : await findTagLimit(tx, key.tag);
    await dropFromLeases(tx, limit.id);
    await deleteLimit(tx, limit.id);
  });
}

/** Releases all slots, and gives one to each of `holders`. (Prefect forgets the holders but keeps their slots taken.) */
export async function resetTagLimit(context: Context, tag: string, holders: readonly string[]): Promise<void> {
  await context.store.write(async (tx) => {
    const [limit] = await lockLimits(tx, { column: "name", values: [TAG_PREFIX + tag] });
    const { id, limit: most } = found(limit);
    const now = context.clock.now();
    await dropFromLeases(tx, id);
    await updateLimit(tx, id, { updated: now, active_slots: Math.min(holders.length, most), active_since: now });
    for (const holder of holders) await grantTaskRunLease(context, tx, [id], holder);
  });
}

/** The limits on these tags, locked until the write ends. */
export async function lockTagLimits(tx: Db, tags: readonly string[]): Promise<ConcurrencyLimitRow[]> {
  if (tags.length === 0) return [];
  return lockLimits(tx, { column: "name", values: tags.map((tag) => TAG_PREFIX + tag) });
}

/** Takes one slot of each active one of these limits, which the write has locked, for a task run. Returns a limit that has none left:
 *  then the write must fail. */
export async function takeTagSlots(
  context: Context,
  tx: Db,
  limits: readonly ConcurrencyLimitRow[],
  taskRunId: string,
): Promise<ConcurrencyLimitRow | undefined> {
  const active = limits.filter((limit) => limit.active === 1);
  if (active.length === 0) return undefined;
  const now = context.clock.now();
  for (const limit of active) {
    const after = take(limit, 1, now);
    if (after === undefined) return limit;
    await updateLimit(tx, limit.id, { updated: now, ...after });
  }
  await grantTaskRunLease(
    context,
    tx,
    active.map((limit) => limit.id),
    taskRunId,
  );
  return undefined;
}

/** Gives back what a task run holds of these limits. */
export async function returnTagSlots(
  context: Context,
  tx: Db,
  limits: readonly ConcurrencyLimitRow[],
  taskRunId: string,
): Promise<void> {
  if (limits.length === 0) return;
  const limitIds = limits.map((limit) => limit.id);
  for (const lease of await leasesOfHolder(tx, taskRunId, limitIds)) await endLease(context, tx, lease);
}

async function grantTaskRunLease(context: Context, tx: Db, limitIds: readonly string[], id: string): Promise<void> {
  await grantLease(context, tx, { limitIds, slots: 1, seconds: LEASE_SECONDS, holder: { type: "task_run", id } });
}

/** Takes one slot for each tag that has a limit, or none at all. Throws: ApiError `locked`. */
export async function incrementTagLimits(
  context: Context,
  tags: readonly string[],
  taskRunId: string,
): Promise<ConcurrencyLimitRow[]> {
  return context.store.write(async (tx) => {
    const limits = await lockTagLimits(tx, tags);
    const closed = limits.find((limit) => limit.limit === 0);
    if (closed !== undefined) {
      throw new ApiError(
        "locked",
        `The concurrency limit on tag "${tagOf(closed)}" is 0 and will deadlock if the task tries to run again.`,
      );
    }
    const full = await takeTagSlots(context, tx, limits, taskRunId);
    if (full !== undefined) {
      throw new ApiError("locked", `Concurrency limit for the ${tagOf(full)} tag has been reached`, {
        "retry-after": RETRY_AFTER,
      });
    }
    return limits.filter((limit) => limit.active === 1);
  });
}

/** Gives back what the task run holds of these tags' limits. Returns the limits, held or not. */
export async function decrementTagLimits(
  context: Context,
  tags: readonly string[],
  taskRunId: string,
): Promise<ConcurrencyLimitRow[]> {
  return context.store.write(async (tx) => {
    const limits = await lockTagLimits(tx, tags);
    await returnTagSlots(context, tx, limits, taskRunId);
    return limits;
  });
}
