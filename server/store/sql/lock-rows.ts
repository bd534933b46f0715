import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { expressions } from "./expressions.ts";

/** Tables with an id. */
type Lockable = {
  [T in keyof Tables]: Tables[T] extends { id: string } ? T : never;
}[keyof Tables];

/** Locks rows until the write ends, ordered by id to avoid deadlocks. Read everything else afterwards: a statement that waits for a lock sees
 *  all but the locked row as it was before. Rows that refer to these may still be inserted. */
export async function lockRows(tx: Db, table: Lockable, ids: readonly string[]): Promise<void> {
  if (!expressions(tx).locksRows || ids.length === 0) return;
  await tx
    .selectFrom(table as "work_queue")
    .select("id")
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .orderBy("id")
    .forNoKeyUpdate()
    .execute();
}
