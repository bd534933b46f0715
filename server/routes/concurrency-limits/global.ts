import { z } from "zod";
import {
  addLimit,
  changeLimit,
  findLimit,
  type LimitKey,
  removeLimit,
} from "../../domain/concurrency-limits/concurrency-limits.ts";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members, model } from "../../http/request/body.ts";
import { flag, float, integer, name } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { listLimits } from "../../store/queries/concurrency-limits.ts";
import { normalizeUuid } from "../../values/uuid.ts";
import { globalLimitView, newGlobalLimitView, presentGlobalLimit } from "./global-view.ts";

function keyOf(idOrName: string): LimitKey {
  const id = normalizeUuid(idOrName);
  return id === undefined ? { name: idOrName } : { id };
}

export const globalLimitRoutes = [
  route({
    method: "POST",
    path: "/v2/concurrency_limits/",
    summary: "Create Concurrency Limit V2",
    body: model({
      active: flag().default(true),
      name: name(),
      limit: integer({ ge: 0 }),
      active_slots: integer({ ge: 0 }).default(0),
      denied_slots: integer({ ge: 0 }).default(0),
      slot_decay_per_second: float({ ge: 0 }).default(0),
    }),
    responses: { 201: newGlobalLimitView },
    async handle({ body }, context) {
      const row = await context.store.write((tx) => addLimit(context, tx, body));
      const { denied_slots, avg_slot_occupancy_seconds } = row;
      return {
        status: 201,
        body: { ...presentGlobalLimit(row, row.created), denied_slots, avg_slot_occupancy_seconds },
      };
    },
  }),
  route({
    method: "GET",
    path: "/v2/concurrency_limits/{id_or_name}",
    summary: "Read Concurrency Limit V2",
    responses: { 200: globalLimitView },
    async handle({ params }, { store, clock }) {
      const row = await findLimit(store.db, keyOf(params.id_or_name));
      return { status: 200, body: presentGlobalLimit(row, clock.now()) };
    },
  }),
  route({
    method: "POST",
    path: "/v2/concurrency_limits/filter",
    summary: "Read All Concurrency Limits V2",
    body: members({ ...pageMembers }),
    responses: { 200: z.array(globalLimitView) },
    async handle({ body }, { store, config, clock }) {
      const rows = await listLimits(store.db, readPage(body, config));
      const now = clock.now();
      return { status: 200, body: rows.map((row) => presentGlobalLimit(row, now)) };
    },
  }),
  route({
    method: "PATCH",
    path: "/v2/concurrency_limits/{id_or_name}",
    summary: "Update Concurrency Limit V2",
    // Upstream takes null for each, and then runs into its own columns (409).
    body: model({
      active: flag().optional(),
      name: name().optional(),
      limit: integer({ ge: 0 }).optional(),
      active_slots: integer({ ge: 0 }).optional(),
      denied_slots: integer({ ge: 0 }).optional(),
      slot_decay_per_second: float({ ge: 0 }).optional(),
    }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeLimit(context, keyOf(params.id_or_name), body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/v2/concurrency_limits/{id_or_name}",
    summary: "Delete Concurrency Limit V2",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeLimit(context, keyOf(params.id_or_name));
      return { status: 204 };
    },
  }),
];
