import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import { secondsBetween, type Timestamp } from "../../values/timestamp.ts";
import { jittered } from "../jitter.ts";

/** The arithmetic of slots: taking, giving back, decay. Pure.
 *  Source: prefect/server/models/concurrency_limits_v2.py. */

/** A new limit's estimate of how long a slot is held. */
export const FIRST_OCCUPANCY_SECONDS = 2;
const LEAST_OCCUPANCY_SECONDS = 0.1;
/** The mean runs over this many times the limit. */
const SAMPLES_PER_SLOT = 2;
/** Longest Retry-After for a slot that doesn't decay. */
const MOST_WAIT_SECONDS = 30;
const MOST_TAG_WAIT_SECONDS = 10;

type Slots = Pick<ConcurrencyLimitRow, "active_slots" | "active_since" | "denied_slots" | "denied_since">;

export function activeSlots(limit: ConcurrencyLimitRow, now: Timestamp): number {
  return decayed(limit.active_slots, limit.slot_decay_per_second, limit.active_since, now);
}

export function deniedSlots(limit: ConcurrencyLimitRow, now: Timestamp): number {
  const rate =
    limit.slot_decay_per_second > 0
      ? limit.slot_decay_per_second
      : 1 / Math.max(LEAST_OCCUPANCY_SECONDS, Math.min(limit.avg_slot_occupancy_seconds, mostWait(limit)));
  return decayed(limit.denied_slots, rate, limit.denied_since, now);
}

/** The slots after taking some; `undefined` when there are not enough. */
export function take(limit: ConcurrencyLimitRow, slots: number, now: Timestamp): Slots | undefined {
  const active = activeSlots(limit, now) + slots;
  return active > limit.limit ? undefined : stateAt(active, deniedSlots(limit, now), now);
}

export function giveBack(limit: ConcurrencyLimitRow, slots: number, now: Timestamp): Slots {
  return stateAt(Math.max(0, activeSlots(limit, now) - slots), deniedSlots(limit, now), now);
}

/** After a refusal. The slots in use keep decaying from the same moment: frequent requests must not stop the decay. */
export function deny(
  limit: ConcurrencyLimitRow,
  slots: number,
  now: Timestamp,
): Pick<Slots, "denied_slots" | "denied_since"> {
  return { denied_slots: deniedSlots(limit, now) + slots, denied_since: now };
}

/** The running mean of how long a slot is held, after one more sample. */
export function meanOccupancy(limit: ConcurrencyLimitRow, slots: number, occupancySeconds: number): number {
  const samples = limit.limit * SAMPLES_PER_SLOT;
  const mean = limit.avg_slot_occupancy_seconds;
  if (samples === 0) return mean;
  const sample = Math.max(occupancySeconds / slots, LEAST_OCCUPANCY_SECONDS);
  return mean + (sample - mean) / samples;
}

/** Retry-After in seconds, with jitter: of the limit that blocks most.
 *  `random` is uniform in [0, 1). `limits` are as they were when the slots were refused. */
export function retryAfterSeconds(limits: readonly ConcurrencyLimitRow[], slots: number, random: () => number): number {
  const waits = limits.map((limit) => {
    const decays = limit.slot_decay_per_second > 0;
    const ahead = decays ? slots + limit.denied_slots : (slots + limit.denied_slots) / limit.limit;
    return { limit, decays, ahead };
  });
  const { limit, decays, ahead } = waits.reduce((worst, wait) => (wait.ahead > worst.ahead ? wait : worst));
  if (decays) return jittered(ahead / limit.slot_decay_per_second, random);
  const most = mostWait(limit);
  return jittered(Math.min(Math.min(limit.avg_slot_occupancy_seconds, most) * ahead, most), random);
}

function mostWait(limit: ConcurrencyLimitRow): number {
  return limit.name.startsWith("tag:") ? MOST_TAG_WAIT_SECONDS : MOST_WAIT_SECONDS;
}

function decayed(slots: number, perSecond: number, since: Timestamp, now: Timestamp): number {
  return Math.max(0, slots - Math.floor(perSecond * Math.max(0, secondsBetween(since, now))));
}

function stateAt(active: number, denied: number, now: Timestamp): Slots {
  return { active_slots: active, active_since: now, denied_slots: denied, denied_since: now };
}
