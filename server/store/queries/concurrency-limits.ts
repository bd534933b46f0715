import { expressions } from "../sql/expressions.ts";
import type { Page } from "../sql/page.ts";
import { prepared } from "../sql/prepared.ts";
import type { Db } from "../store.ts";
import type { ConcurrencyLimitRow } from "../tables/concurrency-limits.ts";

const byId = prepared((db, id: string) => db.selectFrom("concurrency_limit").selectAll().where("id", "=", id));
const byName = prepared((db, name: string) => db.selectFrom("concurrency_limit").selectAll().where("name", "=", name));

export async function limitById(db: Db, id: string): Promise<ConcurrencyLimitRow | undefined> {
  return (await byId(db, id))[0];
}

export async function limitByName(db: Db, name: string): Promise<ConcurrencyLimitRow | undefined> {
  return (await byName(db, name))[0];
}

/** Those that exist. */
export async function limitsById(db: Db, ids: readonly string[]): Promise<ConcurrencyLimitRow[]> {
  return db
    .selectFrom("concurrency_limit")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .execute();
}

/** The existing limits of these names or ids, locked until the write ends, in one order to avoid deadlocks. */
export async function lockLimits(
  tx: Db,
  by: { column: "name" | "id"; values: readonly string[] },
): Promise<ConcurrencyLimitRow[]> {
  return tx
    .selectFrom("concurrency_limit")
    .selectAll()
    .where((eb) => expressions(tx).isIn(eb.ref(by.column), by.values))
    .orderBy("name")
    .forUpdate()
    .execute();
}

/** By name; with a prefix, only the limits whose names start so. */
export async function listLimits(db: Db, page: Page, prefix?: string): Promise<ConcurrencyLimitRow[]> {
  let query = db.selectFrom("concurrency_limit").selectAll();
  if (prefix !== undefined) query = query.where("name", ">=", prefix).where("name", "<", `${prefix}\u{10ffff}`);
  return query.orderBy("name").limit(page.limit).offset(page.offset).execute();
}

export async function insertLimit(tx: Db, row: ConcurrencyLimitRow): Promise<void> {
  await tx.insertInto("concurrency_limit").values(row).execute();
}

export async function updateLimit(tx: Db, id: string, changes: Partial<ConcurrencyLimitRow>): Promise<void> {
  await tx.updateTable("concurrency_limit").set(changes).where("id", "=", id).execute();
}

export async function deleteLimit(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("concurrency_limit").where("id", "=", id).execute();
}
