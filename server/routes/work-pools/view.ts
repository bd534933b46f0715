import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { isClientUpTo } from "../../http/request/client-version.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { slotsInUseByPool } from "../../store/queries/work-pools/pool-slots.ts";
import type { Db } from "../../store/store.ts";
import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import { parseJson } from "../../values/json.ts";

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

/** Pools as the API shows them to this client. */
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
