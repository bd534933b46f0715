import { lockLimits } from "../../store/queries/concurrency-limits.ts";
import { deleteLease, insertLease, limitIdsOfLease, lockLease } from "../../store/queries/leases.ts";
import type { Db } from "../../store/store.ts";
import type { ConcurrencyLeaseRow } from "../../store/tables/concurrency-limits.ts";
import { addSeconds, secondsBetween, type Timestamp } from "../../values/timestamp.ts";
import type { Context } from "../context.ts";
import { returnSlots } from "./concurrency-limits.ts";

export interface LeaseHolder {
  type: "flow_run" | "task_run" | "deployment";
  id: string;
}

/** Creates a lease on slots that were taken in the same write. Returns its id. */
export async function grantLease(
  { ids, clock }: Context,
  tx: Db,
  terms: { limitIds: readonly string[]; slots: number; seconds: number; holder: LeaseHolder | null },
): Promise<string> {
  const now = clock.now();
  const lease: ConcurrencyLeaseRow = {
    id: ids.uuid4(),
    created: now,
    expires: addSeconds(now, terms.seconds),
    slots: terms.slots,
    holder_type: terms.holder?.type ?? null,
    holder_id: terms.holder?.id ?? null,
  };
  await insertLease(tx, lease, terms.limitIds);
  return lease.id;
}

/** Ends a lease and gives its slots back. Whether there was one: idempotent, since a second call finds none. */
export async function endLease(context: Context, tx: Db, id: string): Promise<boolean> {
  const lease = await lockLease(tx, id);
  if (lease === undefined) return false;
  const limits = await lockLimits(tx, { column: "id", values: await limitIdsOfLease(tx, id) });
  const occupancySeconds = secondsBetween(lease.created, context.clock.now());
  await returnSlots(context, tx, limits, { slots: lease.slots, occupancySeconds });
  await deleteLease(tx, id);
  return true;
}

/** Ends a lease that has run out by `now`, unless it has been renewed in the meantime. Whether there was one to end. */
export async function endExpiredLease(context: Context, tx: Db, id: string, now: Timestamp): Promise<boolean> {
  const lease = await lockLease(tx, id);
  return lease !== undefined && lease.expires <= now && endLease(context, tx, id);
}
