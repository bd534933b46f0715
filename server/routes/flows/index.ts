import { z } from "zod";
import { findFlow, findOrCreateFlow, removeFlow, removeFlows, tagFlow } from "../../domain/flows.ts";
import { transaction } from "../../domain/transaction.ts";
import {
  pageMembers,
  pageNumberMembers,
  pageTotals,
  paginationView,
  readNumberedPage,
  readPage,
} from "../../http/pagination.ts";
import { members, model } from "../../http/request/body.ts";
import { integer, name, oneOf, text } from "../../http/request/request-types.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countFlows, listFlows } from "../../store/queries/flows.ts";
import type { FlowRow } from "../../store/tables/flow-runs.ts";
import { flowFilter, relatedFilters } from "../filters.ts";
import { labels } from "../flow-runs/fields.ts";

const flowView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    tags: view.json,
    labels: view.document.nullable(),
  })
  .meta({ id: "Flow" });

function presentFlow(row: FlowRow): z.input<typeof flowView> {
  const { id, created, updated, name } = row;
  return { id, created, updated, name, tags: new JsonText(row.tags), labels: new JsonText(row.labels) };
}

const { work_pool_queues: _, ...filters } = relatedFilters;

const sort = oneOf("CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC").default("NAME_ASC");

/** Most flows that one request deletes. */
const MOST_AT_ONCE = 50;

export const flowRoutes = [
  route({
    method: "POST",
    path: "/flows/",
    summary: "Create Flow",
    body: model({ name: name(), tags: z.array(text()).default([]), labels: labels().nullable().default({}) }),
    responses: { 200: flowView, 201: flowView },
    async handle({ body }, context) {
      const { flow, created } = await transaction(context, (context, tx) => findOrCreateFlow(context, tx, body));
      return { status: created ? 201 : 200, body: presentFlow(flow) };
    },
  }),
  route({
    method: "PATCH",
    path: "/flows/{id:uuid}",
    summary: "Update Flow",
    body: model({ tags: z.array(text()).optional() }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await tagFlow(context, params.id, body.tags);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/flows/count",
    summary: "Count Flows",
    body: members(filters),
    responses: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countFlows(store.db, body) };
    },
  }),
  route({
    method: "GET",
    path: "/flows/name/{name}",
    summary: "Read Flow By Name",
    responses: { 200: flowView },
    async handle({ params }, { store }) {
      return { status: 200, body: presentFlow(await findFlow(store.db, { name: params.name })) };
    },
  }),
  route({
    method: "GET",
    path: "/flows/{id:uuid}",
    summary: "Read Flow",
    responses: { 200: flowView },
    async handle({ params }, { store }) {
      return { status: 200, body: presentFlow(await findFlow(store.db, { id: params.id })) };
    },
  }),
  route({
    method: "POST",
    path: "/flows/filter",
    summary: "Read Flows",
    body: members({ ...filters, sort, ...pageMembers }),
    responses: { 200: z.array(flowView) },
    async handle({ body }, { store, config }) {
      const { sort, limit, offset, ...filters } = body;
      const flows = await listFlows(store.db, filters, sort, readPage({ limit, offset }, config));
      return { status: 200, body: flows.map(presentFlow) };
    },
  }),
  route({
    method: "DELETE",
    path: "/flows/{id:uuid}",
    summary: "Delete Flow",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeFlow(context, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/flows/bulk_delete",
    summary: "Bulk Delete Flows",
    body: members({
      flows: flowFilter.optional(),
      limit: integer({ ge: 1, le: MOST_AT_ONCE }).default(MOST_AT_ONCE),
    }),
    responses: { 200: z.strictObject({ deleted: z.array(view.uuid) }) },
    async handle({ body }, context) {
      return { status: 200, body: { deleted: await removeFlows(context, { flows: body.flows }, body.limit) } };
    },
  }),
  route({
    method: "POST",
    path: "/flows/paginate",
    summary: "Paginate Flows",
    body: members({ ...filters, sort, ...pageNumberMembers }),
    responses: { 200: paginationView(flowView) },
    async handle({ body }, { store, config }) {
      const { sort, limit, page, ...filters } = body;
      const rows = readNumberedPage({ limit, page }, config);
      const results = (await listFlows(store.db, filters, sort, rows)).map(presentFlow);
      const count = await countFlows(store.db, filters);
      return { status: 200, body: { results, ...pageTotals(count, rows.limit, page) } };
    },
  }),
];
