import type { Page } from "../sql/page.ts";
import type { Db } from "../store.ts";
import type { SavedSearchRow } from "../tables/saved-searches.ts";

export async function savedSearchById(db: Db, id: string): Promise<SavedSearchRow | undefined> {
  return db.selectFrom("saved_search").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function listSavedSearches(db: Db, page: Page): Promise<SavedSearchRow[]> {
  return db.selectFrom("saved_search").selectAll().orderBy("name").limit(page.limit).offset(page.offset).execute();
}

/** Inserts the search, or replaces the filters of the one of that name. */
export async function saveSearch(tx: Db, row: SavedSearchRow): Promise<SavedSearchRow> {
  const { filters, updated } = row;
  return tx
    .insertInto("saved_search")
    .values(row)
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ filters, updated }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Whether there was such a search. */
export async function deleteSavedSearch(tx: Db, id: string): Promise<boolean> {
  const result = await tx.deleteFrom("saved_search").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
