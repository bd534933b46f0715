import type { Timestamp } from "../../values/timestamp.ts";
import { expressions } from "../sql/expressions.ts";
import type { Db } from "../store.ts";
import type { ConcurrencyLeaseRow } from "../tables/concurrency-limits.ts";

export async function insertLease(tx: Db, lease: ConcurrencyLeaseRow, limitIds: readonly string[]): Promise<void> {
  await tx.insertInto("concurrency_lease").values(lease).execute();
  if (limitIds.length === 0) return;
  await tx
    .insertInto("concurrency_lease_limit")
    .values(limitIds.map((limit_id) => ({ lease_id: lease.id, limit_id })))
    .execute();
}

/** A lease, locked until the write ends. */
export async function lockLease(tx: Db, id: string): Promise<ConcurrencyLeaseRow | undefined> {
  return tx.selectFrom("concurrency_lease").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

export async function limitIdsOfLease(db: Db, id: string): Promise<string[]> {
  const rows = await db.selectFrom("concurrency_lease_limit").select("limit_id").where("lease_id", "=", id).execute();
  return rows.map((row) => row.limit_id);
}

/** Ids of expired leases, the longest expired first. */
export async function expiredLeases(db: Db, now: Timestamp, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom("concurrency_lease")
    .select("id")
    .where("expires", "<=", now)
    .orderBy("expires")
    .limit(most)
    .execute();
  return rows.map((row) => row.id);
}

/** Whether there is such a lease. */
export async function extendLease(tx: Db, id: string, expires: Timestamp): Promise<boolean> {
  const result = await tx.updateTable("concurrency_lease").set({ expires }).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function deleteLease(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("concurrency_lease").where("id", "=", id).execute();
}

/** Removes the limit from all leases. Leases without other limits are deleted. */
export async function dropFromLeases(tx: Db, limitId: string): Promise<void> {
  await tx
    .deleteFrom("concurrency_lease")
    .where("id", "in", (eb) =>
      eb.selectFrom("concurrency_lease_limit").select("lease_id").where("limit_id", "=", limitId),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("concurrency_lease_limit")
            .select(eb.lit(1).as("one"))
            .whereRef("concurrency_lease_limit.lease_id", "=", "concurrency_lease.id")
            .where("concurrency_lease_limit.limit_id", "!=", limitId),
        ),
      ),
    )
    .execute();
  await tx.deleteFrom("concurrency_lease_limit").where("limit_id", "=", limitId).execute();
}

/** Ids of the leases one holder has on any of the limits. */
export async function leasesOfHolder(tx: Db, holderId: string, limitIds: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom("concurrency_lease")
    .innerJoin("concurrency_lease_limit", "concurrency_lease_limit.lease_id", "concurrency_lease.id")
    .select("concurrency_lease.id")
    .distinct()
    .where("concurrency_lease.holder_id", "=", holderId)
    .where((eb) => expressions(tx).isIn(eb.ref("concurrency_lease_limit.limit_id"), limitIds))
    .orderBy("concurrency_lease.id")
    .execute();
  return rows.map((row) => row.id);
}

/** Task runs that hold live leases on the limits, by limit id. */
export async function taskRunHolders(
  db: Db,
  limitIds: readonly string[],
  now: Timestamp,
): Promise<ReadonlyMap<string, string[]>> {
  const rows = await db
    .selectFrom("concurrency_lease_limit")
    .innerJoin("concurrency_lease", "concurrency_lease.id", "concurrency_lease_limit.lease_id")
    .select(["concurrency_lease_limit.limit_id", "concurrency_lease.holder_id"])
    .where((eb) => expressions(db).isIn(eb.ref("concurrency_lease_limit.limit_id"), limitIds))
    .where("concurrency_lease.holder_type", "=", "task_run")
    .where("concurrency_lease.expires", ">", now)
    .orderBy("concurrency_lease.created")
    .orderBy("concurrency_lease.id")
    .execute();
  const holders = new Map<string, string[]>();
  for (const { limit_id, holder_id } of rows) {
    if (holder_id === null) continue;
    const list = holders.get(limit_id);
    if (list === undefined) holders.set(limit_id, [holder_id]);
    else list.push(holder_id);
  }
  return holders;
}
