import {
  deleteLimit,
  insertLimit,
  limitById,
  limitByName,
  lockLimits,
  updateLimit,
} from "../../store/queries/concurrency-limits.ts";
import type { Db } from "../../store/store.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import {
  activeSlots,
  deniedSlots,
  deny,
  FIRST_OCCUPANCY_SECONDS,
  giveBack,
  meanOccupancy,
  retryAfterSeconds,
  take,
} from "./slot-arithmetic.ts";

export interface NewLimit {
  name: string;
  limit: number;
  active?: boolean;
  active_slots?: number;
  denied_slots?: number;
  slot_decay_per_second?: number;
}

export type LimitChanges = Partial<NewLimit>;

/** Creates a limit, inside a write. Throws: StoreError `duplicate`. */
export async function addLimit({ ids, clock }: Context, tx: Db, newLimit: NewLimit): Promise<ConcurrencyLimitRow> {
  const now = clock.now();
  const row: ConcurrencyLimitRow = {
    id: ids.uuid4(),
    created: now,
    updated: now,
    name: newLimit.name,
    limit: newLimit.limit,
    active: newLimit.active === false ? 0 : 1,
    active_slots: newLimit.active_slots ?? 0,
    active_since: now,
    denied_slots: newLimit.denied_slots ?? 0,
    denied_since: now,
    slot_decay_per_second: newLimit.slot_decay_per_second ?? 0,
    avg_slot_occupancy_seconds: FIRST_OCCUPANCY_SECONDS,
  };
  await insertLimit(tx, row);
  return row;
}

/** How a path names a limit: what looks like a UUID is an id. */
export type LimitKey = { id: string } | { name: string };

/** Throws: ApiError `not_found`. */
export async function findLimit(db: Db, key: LimitKey): Promise<ConcurrencyLimitRow> {
  const limit = "id" in key ? await limitById(db, key.id) : await limitByName(db, key.name);
  if (limit === undefined) throw notFound();
  return limit;
}

function notFound(): ApiError {
  return new ApiError("not_found", "Concurrency Limit not found");
}

export async function changeLimit({ store, clock }: Context, key: LimitKey, changes: LimitChanges): Promise<void> {
  await store.write(async (tx) => {
    const { id } = await findLimit(tx, key);
    const [limit] = await lockLimits(tx, { column: "id", values: [id] });
    if (limit === undefined) throw notFound();
    const now = clock.now();
    const { active, slot_decay_per_second: decay, active_slots, denied_slots, ...rest } = changes;
    // What has decayed until now did so at the old rate.
    const settles = decay !== undefined && decay !== limit.slot_decay_per_second;
    const slots = active_slots ?? (settles ? activeSlots(limit, now) : undefined);
    const denied = denied_slots ?? (settles ? deniedSlots(limit, now) : undefined);
    await updateLimit(tx, id, {
      updated: now,
      ...rest,
      ...(active !== undefined && { active: active ? 1 : 0 }),
      ...(decay !== undefined && { slot_decay_per_second: decay }),
      ...(slots !== undefined && { active_slots: slots, active_since: now }),
      ...(denied !== undefined && { denied_slots: denied, denied_since: now }),
    });
  });
}

export async function removeLimit({ store }: Context, key: LimitKey): Promise<void> {
  await store.write(async (tx) => {
    const { id } = await findLimit(tx, key);
    await deleteLimit(tx, id);
  });
}

export type TakeMode = "concurrency" | "rate_limit";

/** Takes slots of all these limits or of none, inside a write. Names without a limit are passed over; inactive limits are listed but
 *  not changed. `taken: false`: there were not enough; only the refusal was counted, and the write must be committed.
 *  Throws: ApiError `unprocessable` when there can never be so many slots. */
export async function takeSlots(
  { clock }: Context,
  tx: Db,
  request: { names: readonly string[]; slots: number; mode: TakeMode },
): Promise<{ limits: ConcurrencyLimitRow[]; taken: boolean }> {
  const { names, slots, mode } = request;
  const limits = await lockLimits(tx, { column: "name", values: names });
  const active = limits.filter((limit) => limit.active === 1);
  if (active.some((limit) => limit.limit < slots)) {
    throw new ApiError("unprocessable", "Slots requested is greater than the limit");
  }
  const lasting = active.filter((limit) => limit.slot_decay_per_second === 0).map((limit) => limit.name);
  if (mode === "rate_limit" && lasting.length > 0) {
    throw new ApiError(
      "unprocessable",
      `Only concurrency limits with slot decay can be used for rate limiting. The following limits do not have a decay configured: '${lasting.join(",")}'`,
    );
  }
  const now = clock.now();
  const taken = active.map((limit) => ({ limit, after: take(limit, slots, now) }));
  if (taken.some(({ after }) => after === undefined)) {
    for (const limit of active) await updateLimit(tx, limit.id, { updated: now, ...deny(limit, slots, now) });
    return { limits, taken: false };
  }
  for (const { limit, after } of taken) await updateLimit(tx, limit.id, { updated: now, ...after });
  return { limits, taken: true };
}

/** The error of a limit that has been reached, with Retry-After. */
export function locked(limits: readonly ConcurrencyLimitRow[], slots: number): ApiError {
  const active = limits.filter((limit) => limit.active === 1);
  const seconds = retryAfterSeconds(active, slots, Math.random);
  return new ApiError("locked", "Locked", { "retry-after": String(seconds) });
}

/** Gives slots back to limits that the write has locked. */
export async function returnSlots(
  { clock }: Context,
  tx: Db,
  limits: readonly ConcurrencyLimitRow[],
  usage: { slots: number; occupancySeconds?: number | undefined },
): Promise<void> {
  const now = clock.now();
  const { slots, occupancySeconds } = usage;
  for (const limit of limits) {
    await updateLimit(tx, limit.id, {
      updated: now,
      ...giveBack(limit, slots, now),
      ...(occupancySeconds !== undefined &&
        occupancySeconds > 0 &&
        slots > 0 && { avg_slot_occupancy_seconds: meanOccupancy(limit, slots, occupancySeconds) }),
    });
  }
}
