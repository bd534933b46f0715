import { Conditions, type Operator } from "../sql/conditions.ts";
import { countRows } from "../sql/count-rows.ts";
import type { Page } from "../sql/page.ts";
import { SORTS, type Sort } from "../sql/sorts.ts";
import type { Db } from "../store.ts";
import type { VariableRow } from "../tables/variables.ts";

export interface VariableFilter {
  operator?: Operator | undefined;
  id?: { any_?: string[] | null | undefined } | null | undefined;
  name?: { any_?: string[] | null | undefined; like_?: string | null | undefined } | null | undefined;
  tags?:
    | { operator?: Operator | undefined; all_?: string[] | null | undefined; is_null_?: boolean | null | undefined }
    | null
    | undefined;
}

/** How a path names a variable. */
export type VariableKey = { id: string } | { name: string };

export async function variableBy(db: Db, key: VariableKey): Promise<VariableRow | undefined> {
  const query = db.selectFrom("variable").selectAll();
  return ("id" in key ? query.where("id", "=", key.id) : query.where("name", "=", key.name)).executeTakeFirst();
}

export async function listVariables(db: Db, filter: VariableFilter, sort: Sort, page: Page): Promise<VariableRow[]> {
  const [column, direction] = SORTS[sort];
  return matching(db, filter)
    .selectAll()
    .orderBy(column, direction)
    .orderBy("id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countVariables(db: Db, filter: VariableFilter): Promise<number> {
  return countRows(matching(db, filter));
}

export async function insertVariable(tx: Db, row: VariableRow): Promise<void> {
  await tx.insertInto("variable").values(row).execute();
}

/** Whether there is such a variable. */
export async function updateVariable(tx: Db, key: VariableKey, changes: Partial<VariableRow>): Promise<boolean> {
  const query = tx.updateTable("variable").set(changes);
  const result = await ("id" in key
    ? query.where("id", "=", key.id)
    : query.where("name", "=", key.name)
  ).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Whether there was such a variable. */
export async function deleteVariable(tx: Db, key: VariableKey): Promise<boolean> {
  const query = tx.deleteFrom("variable");
  const result = await ("id" in key
    ? query.where("id", "=", key.id)
    : query.where("name", "=", key.name)
  ).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function matching(db: Db, filter: VariableFilter) {
  return db.selectFrom("variable").where((eb) => {
    const tags = filter.tags;
    const byTags =
      tags == null
        ? undefined
        : new Conditions(db, eb)
            .containsAll(eb.ref("tags"), tags.all_)
            .isEmptyList(eb.ref("tags"), tags.is_null_)
            .join(tags.operator);
    return new Conditions(db, eb)
      .column(eb.ref("id"), filter.id)
      .column(eb.ref("name"), filter.name)
      .add(byTags)
      .join(filter.operator);
  });
}
