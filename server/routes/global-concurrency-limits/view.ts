import { z } from "zod";
import { activeSlots } from "../../domain/concurrency-limits/slot-arithmetic.ts";
import { view } from "../../http/response/view-types.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import type { Timestamp } from "../../values/timestamp.ts";

const shared = {
  id: view.uuid,
  created: view.timestamp,
  updated: view.timestamp,
  name: view.text,
  limit: view.integer,
  active: view.flag,
  active_slots: view.integer,
  slot_decay_per_second: view.number,
};

export const globalLimitView = z.strictObject(shared).meta({ id: "GlobalConcurrencyLimitResponse" });

/** The response of a create: everything that is stored. */
export const newGlobalLimitView = z
  .strictObject({ ...shared, denied_slots: view.integer, avg_slot_occupancy_seconds: view.number })
  .meta({ id: "ConcurrencyLimitV2" });

export function presentGlobalLimit(row: ConcurrencyLimitRow, now: Timestamp): z.input<typeof globalLimitView> {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    limit: row.limit,
    active: row.active === 1,
    active_slots: activeSlots(row, now),
    slot_decay_per_second: row.slot_decay_per_second,
  };
}

/** A limit in the responses of increments and decrements. */
export const minimalLimitView = z
  .strictObject({ id: view.uuid, name: view.text, limit: view.integer })
  .meta({ id: "MinimalConcurrencyLimitResponse" });

export function presentMinimal(
  { id, limit, name }: ConcurrencyLimitRow,
  shownName = name,
): z.input<typeof minimalLimitView> {
  return { id, name: shownName, limit };
}
