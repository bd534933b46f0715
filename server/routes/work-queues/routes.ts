import { z } from "zod";
import { findWorkPool } from "../../domain/work-pools/work-pools.ts";
import {
  changeWorkQueue,
  createWorkQueue,
  findWorkQueue,
  removeWorkQueue,
} from "../../domain/work-pools/work-queues.ts";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { route } from "../../http/route.ts";
import { listPoolQueues } from "../../store/queries/work-pools/work-queues.ts";
import { workQueueFilter } from "../filters.ts";
import { workQueueByIdRoutes } from "./by-id-routes.ts";
import { newWorkQueue, workQueueChanges } from "./fields.ts";
import { presentWorkQueue, presentWorkQueues, workQueueView } from "./view.ts";

/** Queues by pool and name; then by id. */
export const workQueueRoutes = [
  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/queues",
    summary: "Create Work Queue",
    body: newWorkQueue,
    responses: { 201: workQueueView },
    async handle({ params, body }, context) {
      const queue = await createWorkQueue(context, params.work_pool_name, body);
      return { status: 201, body: await presentWorkQueue(context.store.db, queue) };
    },
  }),
  route({
    method: "GET",
    path: "/work_pools/{work_pool_name}/queues/{name}",
    summary: "Read Work Queue",
    responses: { 200: workQueueView },
    async handle({ params }, { store }) {
      const queue = await findWorkQueue(store.db, params.work_pool_name, params.name);
      return { status: 200, body: await presentWorkQueue(store.db, queue) };
    },
  }),
  route({
    method: "POST",
    path: "/work_pools/{work_pool_name}/queues/filter",
    summary: "Read Work Queues",
    body: members({ work_queues: workQueueFilter.optional(), ...pageMembers }),
    responses: { 200: z.array(workQueueView) },
    async handle({ params, body }, { store, config }) {
      const page = readPage(body, config);
      const pool = await findWorkPool(store.db, params.work_pool_name);
      const queues = await listPoolQueues(store.db, pool.id, body.work_queues ?? {}, page);
      return { status: 200, body: await presentWorkQueues(store.db, queues) };
    },
  }),
  route({
    method: "PATCH",
    path: "/work_pools/{work_pool_name}/queues/{name}",
    summary: "Update Work Queue",
    body: workQueueChanges,
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeWorkQueue(context, params.work_pool_name, params.name, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/work_pools/{work_pool_name}/queues/{name}",
    summary: "Delete Work Queue",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeWorkQueue(context, params.work_pool_name, params.name);
      return { status: 204 };
    },
  }),
  ...workQueueByIdRoutes,
];
