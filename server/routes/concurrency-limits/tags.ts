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
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members, model } from "../../http/request/body.ts";
import { integer, text, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { listLimits } from "../../store/queries/concurrency-limits.ts";
import { taskRunHolders } from "../../store/queries/leases.ts";
import type { Db } from "../../store/store.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { minimalLimitView, presentMinimal } from "./global-view.ts";

const tagLimitView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    tag: view.text,
    concurrency_limit: view.integer,
    /** Task runs that hold a slot. */
    active_slots: z.array(view.uuid),
  })
  .meta({ id: "ConcurrencyLimit" });

async function present(
  db: Db,
  rows: readonly ConcurrencyLimitRow[],
  now: Timestamp,
): Promise<z.input<typeof tagLimitView>[]> {
  const holders =
    rows.length === 0
      ? undefined
      : await taskRunHolders(
          db,
          rows.map((row) => row.id),
          now,
        );
  return rows.map((row) => ({
    id: row.id,
    created: row.created,
    updated: row.updated,
    tag: tagOf(row),
    concurrency_limit: row.limit,
    active_slots: holders?.get(row.id) ?? [],
  }));
}

async function presentOne(db: Db, row: ConcurrencyLimitRow, now: Timestamp): Promise<z.input<typeof tagLimitView>> {
  return (await present(db, [row], now))[0] as z.input<typeof tagLimitView>;
}

const nothing = z.null();

const slotRequest = members({ names: z.array(text()), task_run_id: uuid() });

/** Limits by task tag, the old routes. The CLI's `concurrency-limit` and tag limits of programs use them. */
export const tagLimitRoutes = [
  route({
    method: "POST",
    path: "/concurrency_limits/",
    summary: "Create Concurrency Limit",
    // Upstream takes negative limits, and fails when it writes them.
    body: model({ tag: text(), concurrency_limit: integer({ ge: 0 }) }),
    responses: { 200: tagLimitView, 201: tagLimitView },
    async handle({ body }, context) {
      const { row, existed } = await putTagLimit(context, body.tag, body.concurrency_limit);
      const shown = await presentOne(context.store.db, row, context.clock.now());
      return { status: existed ? 200 : 201, body: shown };
    },
  }),
  route({
    method: "GET",
    path: "/concurrency_limits/{id:uuid}",
    summary: "Read Concurrency Limit",
    responses: { 200: tagLimitView },
    async handle({ params }, { store, clock }) {
      const row = await findTagLimitById(store.db, params.id);
      return { status: 200, body: await presentOne(store.db, row, clock.now()) };
    },
  }),
  route({
    method: "GET",
    path: "/concurrency_limits/tag/{tag}",
    summary: "Read Concurrency Limit By Tag",
    responses: { 200: tagLimitView },
    async handle({ params }, { store, clock }) {
      const row = await findTagLimit(store.db, params.tag);
      return { status: 200, body: await presentOne(store.db, row, clock.now()) };
    },
  }),
  route({
    method: "POST",
    path: "/concurrency_limits/filter",
    summary: "Read Concurrency Limits",
    body: members({ ...pageMembers }),
    responses: { 200: z.array(tagLimitView) },
    async handle({ body }, { store, config, clock }) {
      const rows = await listLimits(store.db, readPage(body, config), TAG_PREFIX);
      return { status: 200, body: await present(store.db, rows, clock.now()) };
    },
  }),
  route({
    method: "POST",
    path: "/concurrency_limits/tag/{tag}/reset",
    summary: "Reset Concurrency Limit By Tag",
    body: members({ slot_override: z.array(uuid()).optional() }),
    responses: { 200: nothing },
    async handle({ params, body }, context) {
      await resetTagLimit(context, params.tag, body.slot_override ?? []);
      return { status: 200, body: null };
    },
  }),
  route({
    method: "DELETE",
    path: "/concurrency_limits/{id:uuid}",
    summary: "Delete Concurrency Limit",
    responses: { 200: nothing },
    async handle({ params }, context) {
      await removeTagLimit(context, { id: params.id });
      return { status: 200, body: null };
    },
  }),
  route({
    method: "DELETE",
    path: "/concurrency_limits/tag/{tag}",
    summary: "Delete Concurrency Limit By Tag",
    responses: { 200: nothing },
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
