import type { Context } from "../domain/context.ts";
import { transaction } from "../domain/transaction.ts";
import { POLL_TIMEOUT_SECONDS, workerStatus } from "../domain/work-pools/statuses.ts";
import { writeWorkPool } from "../domain/work-pools/work-pools.ts";
import { writeWorkQueue } from "../domain/work-pools/work-queues.ts";
import {
  markDeploymentsNotReady,
  markWorkersOffline,
  onlineWorkersSilentSince,
  readyDeploymentsNotPolledSince,
  readyPoolsWithoutWorker,
  readyQueuesNotPolledSince,
} from "../store/queries/work-pools/foreman-queries.ts";
import { lockRows } from "../store/sql/lock-rows.ts";
import type { Db } from "../store/store.ts";
import { addSeconds } from "../values/timestamp.ts";
import type { Service } from "./service.ts";

/** Rows per write: bounds how long other writes wait. */
const AT_ONCE = 100;

/** Marks workers without heartbeats offline, and pools without workers, unpolled queues and unpolled deployments not ready.
 *  Source: prefect/server/services/foreman.py. */
export const foreman: Service = {
  name: "foreman",
  everySeconds: 15,
  async run(outer, signal) {
    const { db } = outer.store;
    const now = outer.clock.now();
    const before = addSeconds(now, -POLL_TIMEOUT_SECONDS);
    /** Most passes find nothing: then nothing is written. */
    const mark = async <T>(found: readonly T[], some: (context: Context, tx: Db, part: T[]) => Promise<void>) => {
      for (let start = 0; start < found.length && !signal?.aborted; start += AT_ONCE) {
        await transaction(outer, (context, tx) => some(context, tx, found.slice(start, start + AT_ONCE)));
      }
    };
    const online = await onlineWorkersSilentSince(db, now);
    const silent = online.filter((worker) => workerStatus(worker, now) === "OFFLINE");
    await mark(silent, (_, tx, workers) => markWorkersOffline(tx, workers));
    await mark(idsOf(await readyPoolsWithoutWorker(db)), async (context, tx, ids) => {
      await lockRows(tx, "work_pool", ids);
      for (const pool of await readyPoolsWithoutWorker(tx, ids)) {
        await writeWorkPool(context, tx, pool, { status: "NOT_READY", updated: now });
      }
    });
    await mark(idsOf(await readyDeploymentsNotPolledSince(db, before)), async ({ changes }, tx, ids) => {
      await lockRows(tx, "deployment", ids);
      const stale = await readyDeploymentsNotPolledSince(tx, before, ids);
      await markDeploymentsNotReady(tx, idsOf(stale));
      for (const row of stale) {
        changes.report({ kind: "deployment", object: { before: row, after: { ...row, status: "NOT_READY" } } });
      }
    });
    await mark(idsOf(await readyQueuesNotPolledSince(db, before)), async (context, tx, ids) => {
      await lockRows(tx, "work_queue", ids);
      for (const queue of await readyQueuesNotPolledSince(tx, before, ids)) {
        await writeWorkQueue(context, tx, queue, { status: "NOT_READY" });
      }
    });
  },
};

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map((row) => row.id);
}
