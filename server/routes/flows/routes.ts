import { z } from "zod";
import { findFlow, findOrCreateFlow, removeFlow, removeFlows, tagFlow } from "../../domain/flows.ts";
import { transaction } from "../../domain/transaction.ts";
import { members, model } from "../../http/request/body.ts";
import { integer, name, oneOf, text } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countFlows, listFlows } from "../../store/queries/flows.ts";
import { flowFilter, relatedFilters } from "../filters.ts";
import { labels } from "../flow-runs/fields.ts";
import { listRoutes } from "../list-routes.ts";
import { flowView, presentFlow } from "./view.ts";

const { work_pool_queues: _, ...filters } = relatedFilters;

/** Most flows that one request deletes. */
const MAX_BULK_DELETE = 50;

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
  ...listRoutes({
    path: "/flows",
    title: "Flows",
    filters,
    options: { sort: oneOf("CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC").default("NAME_ASC") },
    list: (db, filters, { sort }, page) => listFlows(db, filters, sort, page),
    count: countFlows,
    view: flowView,
    present: (rows) => rows.map(presentFlow),
    paginate: { view: flowView, present: (rows) => rows.map(presentFlow) },
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
      limit: integer({ ge: 1, le: MAX_BULK_DELETE }).default(MAX_BULK_DELETE),
    }),
    responses: { 200: z.strictObject({ deleted: z.array(view.uuid) }) },
    async handle({ body }, context) {
      return { status: 200, body: { deleted: await removeFlows(context, { flows: body.flows }, body.limit) } };
    },
  }),
];
