import type { Timestamp } from "../../values/timestamp.ts";
import { Conditions, type Operator } from "../sql/conditions.ts";
import { countRows } from "../sql/count-rows.ts";
import type { Page } from "../sql/page.ts";
import { SORTS, type Sort } from "../sql/sorts.ts";
import type { Db } from "../store.ts";
import type { AutomationRow } from "../tables/automations.ts";

export interface AutomationFilter {
  operator?: Operator | undefined;
  name?: { any_?: string[] | null | undefined } | null | undefined;
  created?: { before_?: Timestamp | null | undefined } | null | undefined;
  tags?:
    | {
        operator?: Operator | undefined;
        all_?: string[] | null | undefined;
        any_?: string[] | null | undefined;
        is_null_?: boolean | null | undefined;
      }
    | null
    | undefined;
}

export async function automationById(db: Db, id: string): Promise<AutomationRow | undefined> {
  return db.selectFrom("automation").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function listAutomations(
  db: Db,
  filter: AutomationFilter,
  sort: Sort,
  page: Page,
): Promise<AutomationRow[]> {
  const [column, direction] = SORTS[sort];
  return db
    .selectFrom("automation")
    .selectAll()
    .where((eb) => {
      const { tags } = filter;
      const byTags = new Conditions(db, eb)
        .containsAll(eb.ref("tags"), tags?.all_)
        .containsAny(eb.ref("tags"), tags?.any_)
        .isEmptyList(eb.ref("tags"), tags?.is_null_);
      return new Conditions(db, eb)
        .column(eb.ref("name"), filter.name)
        .column(eb.ref("created"), filter.created)
        .add(tags == null ? undefined : byTags.join(tags.operator))
        .join(filter.operator);
    })
    .orderBy(column, direction)
    .orderBy("id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countAutomations(db: Db): Promise<number> {
  return countRows(db.selectFrom("automation"));
}

export async function automationsRelatedTo(db: Db, resourceId: string): Promise<AutomationRow[]> {
  return db
    .selectFrom("automation")
    .innerJoin("automation_resource", "automation_resource.automation_id", "automation.id")
    .selectAll("automation")
    .where("automation_resource.resource_id", "=", resourceId)
    .orderBy("automation.created")
    .orderBy("automation.id")
    .execute();
}

export async function insertAutomation(tx: Db, row: AutomationRow): Promise<void> {
  await tx.insertInto("automation").values(row).execute();
}

/** Whether there is such an automation. */
export async function updateAutomation(tx: Db, id: string, changes: Partial<AutomationRow>): Promise<boolean> {
  const result = await tx.updateTable("automation").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Whether there was such an automation. */
export async function deleteAutomation(tx: Db, id: string): Promise<boolean> {
  const result = await tx.deleteFrom("automation").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function deleteAutomationsOwnedBy(tx: Db, resourceId: string): Promise<void> {
  await tx
    .deleteFrom("automation")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("automation_resource")
        .select("automation_id")
        .where("resource_id", "=", resourceId)
        .where("owned", "=", 1),
    )
    .execute();
}

/** Sets the resources that an automation is related to, besides its owner. */
export async function relateAutomation(tx: Db, id: string, resourceIds: readonly string[]): Promise<void> {
  await tx.deleteFrom("automation_resource").where("automation_id", "=", id).where("owned", "=", 0).execute();
  for (const resource_id of resourceIds) {
    await tx
      .insertInto("automation_resource")
      .values({ automation_id: id, resource_id, owned: 0 })
      .onConflict((conflict) => conflict.columns(["resource_id", "automation_id"]).doNothing())
      .execute();
  }
}

export async function ownAutomation(tx: Db, id: string, resource_id: string): Promise<void> {
  await tx
    .insertInto("automation_resource")
    .values({ automation_id: id, resource_id, owned: 1 })
    .onConflict((conflict) => conflict.columns(["resource_id", "automation_id"]).doUpdateSet({ owned: 1 }))
    .execute();
}
