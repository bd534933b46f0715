import { flowsMatching, type RelatedFilters } from "../filters/related.ts";
import { countRows } from "../sql/count-rows.ts";
import { expressions } from "../sql/expressions.ts";
import type { Page } from "../sql/page.ts";
import { prepared } from "../sql/prepared.ts";
import { SORTS, type Sort } from "../sql/sorts.ts";
import type { Db } from "../store.ts";
import type { FlowRow } from "../tables/flow-runs.ts";

const byId = prepared((db, id: string) => db.selectFrom("flow").selectAll().where("id", "=", id));
const byName = prepared((db, name: string) => db.selectFrom("flow").selectAll().where("name", "=", name));

export async function flowById(db: Db, id: string): Promise<FlowRow | undefined> {
  return (await byId(db, id))[0];
}

export async function flowByName(db: Db, name: string): Promise<FlowRow | undefined> {
  return (await byName(db, name))[0];
}

/** Whether it was inserted: not when there is a flow of that name. */
export async function insertFlow(tx: Db, row: FlowRow): Promise<boolean> {
  const inserted = await tx
    .insertInto("flow")
    .values(row)
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning("id")
    .execute();
  return inserted.length > 0;
}

/** Whether there is such a flow. */
export async function updateFlow(tx: Db, id: string, changes: Partial<FlowRow>): Promise<boolean> {
  const result = await tx.updateTable("flow").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function listFlows(db: Db, filters: RelatedFilters, sort: Sort, page: Page): Promise<FlowRow[]> {
  const [column, direction] = SORTS[sort];
  return db
    .selectFrom("flow")
    .selectAll()
    .where(flowsMatching(db, filters))
    .orderBy(`flow.${column}`, direction)
    .orderBy("flow.id", direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countFlows(db: Db, filters: RelatedFilters): Promise<number> {
  return countRows(db.selectFrom("flow").where(flowsMatching(db, filters)));
}

/** Deletes deployments and runs, too. Subflow runs stay, without a parent. */
export async function deleteFlows(tx: Db, ids: readonly string[]): Promise<void> {
  await tx
    .updateTable("flow_run")
    .set({ parent_task_run_id: null })
    .where("parent_task_run_id", "in", (eb) =>
      eb
        .selectFrom("task_run")
        .innerJoin("flow_run as parent", "parent.id", "task_run.flow_run_id")
        .select("task_run.id")
        .where((parent) => expressions(tx).isIn(parent.ref("parent.flow_id"), ids)),
    )
    .execute();
  await tx
    .deleteFrom("flow")
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .execute();
}
