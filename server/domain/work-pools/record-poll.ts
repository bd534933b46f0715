import { deploymentsOfQueues, markQueuesDeploymentsPolled } from "../../store/queries/deployment-polls.ts";
import { markQueuesPolled, queuesById } from "../../store/queries/work-pools/work-queues.ts";
import { lockRows } from "../../store/sql/lock-rows.ts";
import type { WorkQueueRow } from "../../store/tables/work-pools.ts";
import { addSeconds } from "../../values/timestamp.ts";
import type { Context } from "../context.ts";
import { transaction } from "../transaction.ts";

/** Polls closer than this are not recorded. */
const PRECISION_SECONDS = 1;

type PolledQueue = Pick<WorkQueueRow, "id" | "status" | "last_polled">;

/** Records, after the response, that queues were polled: they and their deployments are ready. */
export function recordPoll(context: Context, queues: readonly PolledQueue[]): void {
  const known = addSeconds(context.clock.now(), -PRECISION_SECONDS);
  const ids = queues
    .filter(({ status, last_polled }) => status === "NOT_READY" || last_polled === null || last_polled <= known)
    .map((queue) => queue.id);
  if (ids.length > 0) context.background.run(`polled ${ids.join()}`, () => markPolled(context, ids));
}

async function markPolled(context: Context, ids: readonly string[]): Promise<void> {
  await transaction(context, async ({ clock, changes }, tx) => {
    const now = clock.now();
    await lockRows(tx, "work_queue", ids);
    const queues = (await queuesById(tx, ids)).filter((queue) => queue.status === "NOT_READY");
    await markQueuesPolled(tx, ids, now);
    for (const before of queues) {
      const after = { ...before, last_polled: now, status: "READY" } as const;
      changes.report({ kind: "work-queue", object: { before, after } });
    }
    const deployments = await deploymentsOfQueues(tx, ids, "NOT_READY");
    await markQueuesDeploymentsPolled(tx, ids, now);
    for (const before of deployments) {
      const after = { ...before, last_polled: now, status: "READY" } as const;
      changes.report({ kind: "deployment", object: { before, after } });
    }
  });
}
