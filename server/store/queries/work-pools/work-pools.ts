import { type WorkPoolFilter, workPoolCondition } from "../../filters/work-pools.ts";
import { countRows } from "../../sql/count-rows.ts";
import type { Page } from "../../sql/page.ts";
import { prepared } from "../../sql/prepared.ts";
import type { Db } from "../../store.ts";
import type { WorkPoolRow } from "../../tables/work-pools.ts";

const byName = prepared((db, name: string) => db.selectFrom("work_pool").selectAll().where("name", "=", name));

export async function workPoolByName(db: Db, name: string): Promise<WorkPoolRow | undefined> {
  return (await byName(db, name))[0];
}

/** The pool, locked until the write ends. */
export async function lockWorkPool(tx: Db, name: string): Promise<WorkPoolRow | undefined> {
  return tx.selectFrom("work_pool").selectAll().where("name", "=", name).forUpdate().executeTakeFirst();
}

export async function lockWorkPoolById(tx: Db, id: string): Promise<WorkPoolRow | undefined> {
  return tx.selectFrom("work_pool").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

export async function listWorkPools(db: Db, filter: WorkPoolFilter, page: Page): Promise<WorkPoolRow[]> {
  return matching(db, filter).selectAll().orderBy("name").limit(page.limit).offset(page.offset).execute();
}

export async function countWorkPools(db: Db, filter: WorkPoolFilter): Promise<number> {
  return countRows(matching(db, filter));
}

export async function insertWorkPool(tx: Db, row: WorkPoolRow): Promise<void> {
  await tx.insertInto("work_pool").values(row).execute();
}

export async function updateWorkPool(tx: Db, id: string, changes: Partial<WorkPoolRow>): Promise<void> {
  await tx.updateTable("work_pool").set(changes).where("id", "=", id).execute();
}

/** Deletes its queues and workers, too. */
export async function deleteWorkPool(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("work_pool").where("id", "=", id).execute();
}

function matching(db: Db, filter: WorkPoolFilter) {
  return db.selectFrom("work_pool").where(workPoolCondition(db, filter));
}
