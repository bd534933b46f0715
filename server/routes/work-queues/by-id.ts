import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import {
  agentPoolOrNone,
  changeWorkQueueById,
  createAgentQueue,
  findWorkQueueById,
  removeWorkQueueById,
} from "../../domain/work-pools/work-queues.ts";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { route } from "../../http/route.ts";
import { OCCUPYING_BY_ID } from "../../store/queries/work-pools/pool-slots.ts";
import { anyWorkQueueNamed, listWorkQueues, workQueueByName } from "../../store/queries/work-pools/work-queues.ts";
import { workQueueFilter } from "../filters.ts";
import { newWorkQueue, workQueueChanges } from "./bodies.ts";
import { presentWorkQueue, presentWorkQueues, workQueueView } from "./view.ts";

/** Queues by id, the old routes: the CLI still pauses, limits and deletes through them. */
export const workQueueRoutes = [
  route({
    method: "POST",
    path: "/work_queues/",
    summary: "Create Work Queue",
    body: newWorkQueue,
    responses: { 201: workQueueView },
    async handle({ body }, context) {
      const queue = await createAgentQueue(context, body);
      return { status: 201, body: await presentWorkQueue(context.store.db, queue, OCCUPYING_BY_ID) };
    },
  }),
  route({
    method: "GET",
    path: "/work_queues/{id:uuid}",
    summary: "Read Work Queue",
    responses: { 200: workQueueView },
    async handle({ params }, { store }) {
      return {
        status: 200,
        body: await presentWorkQueue(store.db, await findWorkQueueById(store.db, params.id), OCCUPYING_BY_ID),
      };
    },
  }),
  route({
    method: "GET",
    path: "/work_queues/name/{name}",
    summary: "Read Work Queue By Name",
    responses: { 200: workQueueView },
    async handle({ params }, { store }) {
      const pool = await agentPoolOrNone(store.db);
      const queue =
        pool === undefined
          ? await anyWorkQueueNamed(store.db, params.name)
          : await workQueueByName(store.db, pool.name, params.name);
      if (queue === undefined) throw new ApiError("not_found", "work queue not found");
      return { status: 200, body: await presentWorkQueue(store.db, queue, OCCUPYING_BY_ID) };
    },
  }),
  route({
    method: "POST",
    path: "/work_queues/filter",
    summary: "Read Work Queues",
    body: members({ work_queues: workQueueFilter.optional(), ...pageMembers }),
    responses: { 200: z.array(workQueueView) },
    async handle({ body }, { store, config }) {
      const queues = await listWorkQueues(store.db, body.work_queues ?? {}, readPage(body, config));
      return { status: 200, body: await presentWorkQueues(store.db, queues, OCCUPYING_BY_ID) };
    },
  }),
  route({
    method: "PATCH",
    path: "/work_queues/{id:uuid}",
    summary: "Update Work Queue",
    body: workQueueChanges,
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeWorkQueueById(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/work_queues/{id:uuid}",
    summary: "Delete Work Queue",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeWorkQueueById(context, params.id);
      return { status: 204 };
    },
  }),
];
