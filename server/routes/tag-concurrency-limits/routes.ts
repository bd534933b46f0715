import { z } from "zod";
import {
  decrementTagLimits,
  findTagLimit,
  findTagLimitById,
  incrementTagLimits,
  putTagLimit,
  removeTagLimit,
  resetTagLimit,
  TAG_PREFIX,
  tagOf,
} from "../../domain/concurrency-limits/tag-limits.ts";
import { members, model } from "../../http/request/body.ts";
import { integer, text, uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { listLimits } from "../../store/queries/concurrency-limits.ts";
import { minimalLimitView, presentMinimal } from "../global-concurrency-limits/view.ts";
import { listRoutes } from "../list-routes.ts";
import { presentTagLimit, presentTagLimits, tagLimitView } from "./view.ts";

const slotRequest = members({ names: z.array(text()), task_run_id: uuid() });

/** Limits by task tag, in the older API: the CLI's `concurrency-limit` and programs with tag limits use it. */
export const tagLimitRoutes = [
  route({
    method: "POST",
    path: "/concurrency_limits/",
    summary: "Create Concurrency Limit",
    // Upstream accepts negative limits, and fails when it writes them.
    body: model({ tag: text(), concurrency_limit: integer({ ge: 0 }) }),
    responses: { 200: tagLimitView, 201: tagLimitView },
    async handle({ body }, context) {
      const { row, existed } = await putTagLimit(context, body.tag, body.concurrency_limit);
      const view = await presentTagLimit(context.store.db, row, context.clock.now());
      return { status: existed ? 200 : 201, body: view };
    },
  }),
  route({
    method: "GET",
    path: "/concurrency_limits/{id:uuid}",
    summary: "Read Concurrency Limit",
    responses: { 200: tagLimitView },
    async handle({ params }, { store, clock }) {
      const row = await findTagLimitById(store.db, params.id);
      return { status: 200, body: await presentTagLimit(store.db, row, clock.now()) };
    },
  }),
  route({
    method: "GET",
    path: "/concurrency_limits/tag/{tag}",
    summary: "Read Concurrency Limit By Tag",
    responses: { 200: tagLimitView },
    async handle({ params }, { store, clock }) {
      const row = await findTagLimit(store.db, params.tag);
      return { status: 200, body: await presentTagLimit(store.db, row, clock.now()) };
    },
  }),
  ...listRoutes({
    path: "/concurrency_limits",
    title: "Concurrency Limits",
    filters: {},
    options: {},
    list: (db, _, __, page) => listLimits(db, page, TAG_PREFIX),
    view: tagLimitView,
    present: (rows, { store, clock }) => presentTagLimits(store.db, rows, clock.now()),
  }),
  route({
    method: "POST",
    path: "/concurrency_limits/tag/{tag}/reset",
    summary: "Reset Concurrency Limit By Tag",
    body: members({ slot_override: z.array(uuid()).optional() }),
    responses: { 200: z.null() },
    async handle({ params, body }, context) {
      await resetTagLimit(context, params.tag, body.slot_override ?? []);
      return { status: 200, body: null };
    },
  }),
  route({
    method: "DELETE",
    path: "/concurrency_limits/{id:uuid}",
    summary: "Delete Concurrency Limit",
    responses: { 200: z.null() },
    async handle({ params }, context) {
      await removeTagLimit(context, { id: params.id });
      return { status: 200, body: null };
    },
  }),
  route({
    method: "DELETE",
    path: "/concurrency_limits/tag/{tag}",
    summary: "Delete Concurrency Limit By Tag",
    responses: { 200: z.null() },
    async handle({ params }, context) {
      await removeTagLimit(context, { tag: params.tag });
      return { status: 200, body: null };
    },
  }),
  route({
    method: "POST",
    path: "/concurrency_limits/increment",
    summary: "Increment Concurrency Limits V1",
    body: slotRequest,
    responses: { 200: z.array(minimalLimitView) },
    async handle({ body }, context) {
      const limits = await incrementTagLimits(context, body.names, body.task_run_id);
      return { status: 200, body: limits.map((limit) => presentMinimal(limit, tagOf(limit))) };
    },
  }),
  route({
    method: "POST",
    path: "/concurrency_limits/decrement",
    summary: "Decrement Concurrency Limits V1",
    body: slotRequest,
    responses: { 200: z.array(minimalLimitView) },
    async handle({ body }, context) {
      const limits = await decrementTagLimits(context, body.names, body.task_run_id);
      return { status: 200, body: limits.map((limit) => presentMinimal(limit)) };
    },
  }),
];
