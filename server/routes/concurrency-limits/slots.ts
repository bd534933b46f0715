import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { locked, returnSlots, takeSlots } from "../../domain/concurrency-limits/concurrency-limits.ts";
import { endLease, grantLease } from "../../domain/concurrency-limits/leases.ts";
import { members } from "../../http/request/body.ts";
import { float, integer, literal, text, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { lockLimits } from "../../store/queries/concurrency-limits.ts";
import { extendLease } from "../../store/queries/leases.ts";
import { addSeconds } from "../../values/timestamp.ts";
import { minimalLimitView, presentMinimal } from "./global-view.ts";

const wanted = {
  slots: integer({ gt: 0 }),
  names: z.array(text()),
  mode: literal("concurrency", "rate_limit").default("concurrency"),
};

const leaseDuration = float({ ge: 60, le: 86_400 }).default(300);

const holder = z.strictObject({ type: literal("flow_run", "task_run", "deployment"), id: uuid() });

export const slotRoutes = [
  route({
    method: "POST",
    path: "/v2/concurrency_limits/increment",
    summary: "Bulk Increment Active Slots",
    body: members(wanted),
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
    body: members({ ...wanted, lease_duration: leaseDuration, holder: holder.nullable().default(null) }),
    responses: { 200: z.strictObject({ lease_id: view.uuid, limits: z.array(minimalLimitView) }) },
    async handle({ body }, context) {
      const { slots, lease_duration: seconds } = body;
      const { limits, leaseId } = await context.store.write(async (tx) => {
        const { limits, taken } = await takeSlots(context, tx, body);
        if (!taken) return { limits, leaseId: undefined };
        // Of inactive limits nothing was taken: nothing may be given back to them either.
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
