import { z } from "zod";
import { workerStatus } from "../../domain/work-pools/statuses.ts";
import { findWorkPool } from "../../domain/work-pools/work-pools.ts";
import { recordHeartbeat, removeWorker } from "../../domain/work-pools/workers.ts";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { integer, text } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { listWorkers } from "../../store/queries/work-pools/workers.ts";
import type { WorkerRow } from "../../store/tables/work-pools.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { workerFilter } from "../filters.ts";

const workerView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    work_pool_id: view.uuid,
    last_heartbeat_time: view.timestamp,
    heartbeat_interval_seconds: view.integer.nullable(),
    status: z.enum(["ONLINE", "OFFLINE"]),
  })
  .meta({ id: "WorkerResponse" });

function presentWorker(row: WorkerRow, now: Timestamp): z.input<typeof workerView> {
  // Filters compare the stored status; the response shows the current one.
  return { ...row, status: workerStatus(row, now) };
}

export const workerRoutes = [
  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/workers/heartbeat",
    summary: "Worker Heartbeat",
    body: members({ name: text(), heartbeat_interval_seconds: integer().nullable().default(null) }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      const { name, heartbeat_interval_seconds: intervalSeconds } = body;
      await recordHeartbeat(context, params.work_pool_name, { name, intervalSeconds });
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/workers/filter",
    summary: "Read Workers",
    body: members({ workers: workerFilter.optional(), ...pageMembers }),
    responses: { 200: z.array(workerView) },
    async handle({ params, body }, { store, config, clock }) {
      const page = readPage(body, config);
      const pool = await findWorkPool(store.db, params.work_pool_name);
      const workers = await listWorkers(store.db, pool.id, body.workers ?? {}, page);
      const now = clock.now();
      return { status: 200, body: workers.map((worker) => presentWorker(worker, now)) };
    },
  }),
  route({
    method: "DELETE",
    path: "/work_pools/{work_pool_name}/workers/{name}",
    summary: "Delete Worker",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeWorker(context, params.work_pool_name, params.name);
      return { status: 204 };
    },
  }),
];
