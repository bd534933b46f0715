import type { Db } from "../store/store.ts";
import type { Change } from "./changes.ts";
import type { Context } from "./context.ts";

/** A write whose changes are reported when it is committed, and not at all when it fails. `work` must use the context it is given. */
export async function transaction<T>(context: Context, work: (context: Context, tx: Db) => Promise<T>): Promise<T> {
  let reported: Change[] = [];
  const result = await context.store.write((tx) => {
    // PostgreSQL may run the work again.
    const ofThisAttempt: Change[] = [];
    reported = ofThisAttempt;
    return work({ ...context, changes: { report: (change) => ofThisAttempt.push(change) } }, tx);
  });
  for (const change of reported) context.changes.report(change);
  return result;
}
