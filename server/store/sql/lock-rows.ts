import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { expressions } from "./expressions.ts";

/** Tables whose rows are locked before they are read, in writes that decide by what they read. */
type Lockable = {
  [T in keyof Tables]: Tables[T] extends { id: string } ? T : never;
}[keyof Tables];

/** Locks rows until the write ends, in one order, so that two writes can't wait for each other. What is decided by has to be read
 *  afterwards: a statement that waits for a lock has seen everything but the locked row itself as it was before. Rows that refer to
 *  these may still be added. */
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
