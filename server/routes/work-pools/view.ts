import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { pageTotalsView } from "../../http/pagination.ts";
import { isClientUpTo } from "../../http/request/client-version.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { slotHolders, slotsInUseByPool } from "../../store/queries/work-pools/pool-slots.ts";
import type { Db } from "../../store/store.ts";
import type { WorkPoolRow, WorkQueueRow } from "../../store/tables/work-pools.ts";
import { parseJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { concurrencyMembers, presentSlot, slotView } from "../work-queues/view.ts";

export const workPoolView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    description: view.text.nullable(),
    type: view.text,
    base_job_template: view.document,
    is_paused: view.flag,
    concurrency_limit: view.integer.nullable(),
    status: z.enum(["READY", "NOT_READY", "PAUSED"]).nullable(),
    default_queue_id: view.uuid,
    storage_configuration: view.document,
    /** Null for pools without a limit. */
    active_slots: view.integer.nullable(),
  })
  .meta({ id: "WorkPoolResponse" });

export type WorkPoolView = z.input<typeof workPoolView>;

/** `headers`: old clients get less. */
export async function presentWorkPools(
  db: Db,
  pools: readonly WorkPoolRow[],
  headers: IncomingHttpHeaders,
): Promise<WorkPoolView[]> {
  const limited = pools.filter((pool) => pool.concurrency_limit !== null).map((pool) => pool.id);
  const slots = limited.length === 0 ? undefined : await slotsInUseByPool(db, limited);
  // Clients up to 3.3.7 refuse the whole pool when they see this field.
  const old = isClientUpTo(headers, "3.3.7");
  return pools.map((pool) => ({
    id: pool.id,
    created: pool.created,
    updated: pool.updated,
    name: pool.name,
    description: pool.description,
    type: pool.type,
    base_job_template: new JsonText(pool.base_job_template),
    is_paused: pool.is_paused === 1,
    concurrency_limit: pool.concurrency_limit,
    status: pool.status,
    default_queue_id: pool.default_queue_id,
    storage_configuration: old
      ? withoutResultStorage(pool.storage_configuration)
      : new JsonText(pool.storage_configuration),
    active_slots: pool.concurrency_limit === null ? null : (slots?.get(pool.id) ?? 0),
  }));
}

export async function presentWorkPool(db: Db, pool: WorkPoolRow, headers: IncomingHttpHeaders): Promise<WorkPoolView> {
  return (await presentWorkPools(db, [pool], headers))[0] as WorkPoolView;
}

function withoutResultStorage(json: string): Record<string, unknown> {
  const { default_result_storage_block_id: _, ...rest } = parseJson(json);
  return rest;
}

const queueConcurrencyDetail = z
  .strictObject({
    queue_id: view.uuid,
    queue_name: view.text,
    ...concurrencyMembers,
    flow_runs: z.array(slotView),
    flow_run_count: view.integer,
  })
  .meta({ id: "WorkQueueConcurrencyStatusDetail" });

export const poolConcurrencyView = z.strictObject({
  ...concurrencyMembers,
  queues: z.array(queueConcurrencyDetail),
  ...pageTotalsView,
});

/** Queues with the flow runs that hold their slots. `inUse`: slots in use by queue id; `most`: runs of one queue. */
export async function presentQueueSlots(
  db: Db,
  queues: readonly WorkQueueRow[],
  inUse: ReadonlyMap<string, number>,
  most: number,
  now: Timestamp,
): Promise<z.input<typeof queueConcurrencyDetail>[]> {
  const details: z.input<typeof queueConcurrencyDetail>[] = [];
  for (const { id, name, concurrency_limit } of queues) {
    const active = inUse.get(id) ?? 0;
    const holders = active === 0 ? [] : await slotHolders(db, id, { limit: most, offset: 0 });
    details.push({
      queue_id: id,
      queue_name: name,
      active_slots: active,
      concurrency_limit,
      flow_runs: holders.map((run) => presentSlot(run, now)),
      flow_run_count: active,
    });
  }
  return details;
}
