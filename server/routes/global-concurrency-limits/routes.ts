import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import {
  addLimit,
  changeLimit,
  findLimit,
  type LimitKey,
  locked,
  removeLimit,
  returnSlots,
  takeSlots,
} from "../../domain/concurrency-limits/concurrency-limits.ts";
import { endLease, grantLease } from "../../domain/concurrency-limits/leases.ts";
import { members, model } from "../../http/request/body.ts";
import { flag, float, integer, literal, name, text, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { listLimits, lockLimits } from "../../store/queries/concurrency-limits.ts";
import { extendLease } from "../../store/queries/leases.ts";
import { addSeconds } from "../../values/timestamp.ts";
import { normalizeUuid } from "../../values/uuid.ts";
import { listRoutes } from "../list-routes.ts";
import { globalLimitView, minimalLimitView, newGlobalLimitView, presentGlobalLimit, presentMinimal } from "./view.ts";

function keyOf(idOrName: string): LimitKey {
  const id = normalizeUuid(idOrName);
  return id === undefined ? { name: idOrName } : { id };
}

const slotRequest = {
  slots: integer({ gt: 0 }),
  names: z.array(text()),
  mode: literal("concurrency", "rate_limit").default("concurrency"),
};

const leaseDuration = float({ ge: 60, le: 86_400 }).default(300);

const holder = z.strictObject({ type: literal("flow_run", "task_run", "deployment"), id: uuid() });

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
  ...listRoutes({
    path: "/v2/concurrency_limits",
    title: "All Concurrency Limits V2",
    filters: {},
    options: {},
    list: (db, _, __, page) => listLimits(db, page),
    view: globalLimitView,
    present(rows, { clock }) {
      const now = clock.now();
      return rows.map((row) => presentGlobalLimit(row, now));
    },
  }),
  route({
    method: "PATCH",
    path: "/v2/concurrency_limits/{id_or_name}",
    summary: "Update Concurrency Limit V2",
    // Upstream accepts null for each, and then fails in its own columns (409).
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
  route({
    method: "POST",
    path: "/v2/concurrency_limits/increment",
    summary: "Bulk Increment Active Slots",
    body: members(slotRequest),
    responses: { 200: z.array(minimalLimitView) },
    async handle({ body }, context) {
      const { limits, taken } = await context.store.write((tx) => takeSlots(context, tx, body));
      if (!taken) throw locked(limits, body.slots);
      return { status: 200, body: limits.map((limit) => presentMinimal(limit)) };
    },
  }),
  route({
    method: "POST",
    path: "/v2/concurrency_limits/increment-with-lease",
    summary: "Bulk Increment Active Slots With Lease",
    body: members({ ...slotRequest, lease_duration: leaseDuration, holder: holder.nullable().default(null) }),
    responses: { 200: z.strictObject({ lease_id: view.uuid, limits: z.array(minimalLimitView) }) },
    async handle({ body }, context) {
      const { slots, lease_duration: seconds } = body;
      const { limits, leaseId } = await context.store.write(async (tx) => {
        const { limits, taken } = await takeSlots(context, tx, body);
        if (!taken) return { limits, leaseId: undefined };
        // No slots were taken from inactive limits, so none may be returned to them.
        const limitIds = limits.filter((limit) => limit.active === 1).map((limit) => limit.id);
        return { limits, leaseId: await grantLease(context, tx, { limitIds, slots, seconds, holder: body.holder }) };
      });
      if (leaseId === undefined) throw locked(limits, slots);
      return { status: 200, body: { lease_id: leaseId, limits: limits.map((limit) => presentMinimal(limit)) } };
    },
  }),
  route({
    method: "POST",
    path: "/v2/concurrency_limits/decrement",
    summary: "Bulk Decrement Active Slots",
    body: members({
      slots: integer({ gt: 0 }),
      names: z.array(text()),
      occupancy_seconds: float({ gt: 0 }).optional(),
    }),
    responses: { 200: z.array(minimalLimitView) },
    async handle({ body }, context) {
      const limits = await context.store.write(async (tx) => {
        const limits = await lockLimits(tx, { column: "name", values: body.names });
        const active = limits.filter((limit) => limit.active === 1);
        await returnSlots(context, tx, active, { slots: body.slots, occupancySeconds: body.occupancy_seconds });
        return limits;
      });
      return { status: 200, body: limits.map((limit) => presentMinimal(limit)) };
    },
  }),
  route({
    method: "POST",
    path: "/v2/concurrency_limits/decrement-with-lease",
    summary: "Bulk Decrement Active Slots With Lease",
    body: members({ lease_id: uuid() }),
    responses: { 204: null },
    async handle({ body }, context) {
      await context.store.write((tx) => endLease(context, tx, body.lease_id));
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/v2/concurrency_limits/leases/{lease_id}/renew",
    summary: "Renew Concurrency Lease",
    params: z.object({ lease_id: uuid() }),
    body: members({ lease_duration: leaseDuration }),
    responses: { 204: null },
    async handle({ params, body }, { store, clock }) {
      const expires = addSeconds(clock.now(), body.lease_duration);
      const renewed = await store.write((tx) => extendLease(tx, params.lease_id, expires));
      if (!renewed) throw new ApiError("gone", "Lease not found - it may have expired or been revoked");
      return { status: 204 };
    },
  }),
];
