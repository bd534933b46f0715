import { randomBytes } from "node:crypto";
import type { Log } from "../../runtime/log.ts";
import type { FlowRun } from "../../store/queries/runs/flow-runs.ts";
import {
  cleanupsInHand,
  deleteCleanup,
  insertCleanup,
  lockCleanup,
  lockNextCleanup,
  nextCleanup,
  updateCleanup,
} from "../../store/queries/work-pools/worker-cleanups.ts";
import type { Db } from "../../store/store.ts";
import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import type { WorkerCleanupKind, WorkerCleanupRow } from "../../store/tables/worker-cleanups.ts";
import { toJson } from "../../values/json.ts";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";
import type { Context } from "../context.ts";

/** Cleanups for workers: each is delivered to one worker at a time, under a lease, until it is acknowledged.
 *  Source: prefect/server/worker_communication/cleanup_queue. */

const LEASE_SECONDS = 30;
/** After so many deliveries without acknowledgement a cleanup is dropped. */
const MOST_DELIVERIES = 3;

/** Pools without workers. */
const WORKERLESS = /:(?:push|managed)$/;

/** Queues the teardown of a run's infrastructure, inside a write. False: the pool has no workers. */
export async function addTeardown(
  { ids, clock }: Context,
  tx: Db,
  run: FlowRun,
  pool: Pick<WorkPoolRow, "id" | "type">,
): Promise<boolean> {
  if (WORKERLESS.test(pool.type)) return false;
  await insertCleanup(tx, {
    id: ids.uuid4(),
    created: clock.now(),
    work_pool_id: pool.id,
    work_queue_id: run.work_queue_id,
    kind: "cancelling_timeout_teardown.v1",
    target: toJson({ flow_run_id: run.id, infrastructure_pid: run.infrastructure_pid }),
    deliveries: 0,
    holder: null,
    token: null,
    lease_expires: null,
  });
  return true;
}

/** A worker that takes cleanups. */
export interface Cleaner {
  poolId: string;
  /** Cleanups of these queues come first. */
  queueIds: readonly string[];
  kinds: readonly WorkerCleanupKind[];
  /** Most cleanups it holds at a time. */
  most: number;
  /** The worker, across reconnects. */
  holder: string;
}

export type HeldCleanup = WorkerCleanupRow & { token: string; lease_expires: Timestamp };

/** Delivers the next cleanup to the worker, unless it holds enough. */
export async function takeCleanup(
  { store, clock, log }: Context,
  { most, holder, ...cleaner }: Cleaner,
): Promise<HeldCleanup | undefined> {
  const now = clock.now();
  const criteria = { ...cleaner, now };
  // Usually there is none: then nothing is written.
  if ((await nextCleanup(store.db, criteria)) === undefined) return undefined;
  return store.write(async (tx) => {
    if ((await cleanupsInHand(tx, cleaner.poolId, holder, now)) >= most) return undefined;
    for (;;) {
      const next = await lockNextCleanup(tx, criteria);
      if (next === undefined) return undefined;
      if (next.deliveries < MOST_DELIVERIES) {
        const lease = { holder, token: randomBytes(32).toString("base64url"), lease_expires: leaseEnd(now) };
        const taken = { ...lease, deliveries: next.deliveries + 1 };
        await updateCleanup(tx, next.id, taken);
        return { ...next, ...taken };
      }
      await giveUp(log, tx, next);
    }
  });
}

/** A worker's report about a cleanup that it holds. */
export interface CleanupReport {
  operation: "ack" | "release" | "renew";
  id: string;
  token: string;
}

export interface CleanupAnswer {
  status: "accepted" | "not_found" | "unauthorized" | "not_current" | "invalid_token" | "expired" | "dead_lettered";
  reason: string | null;
  lease_expires_at: Timestamp | null;
}

/** Applies a report, if the worker holds the cleanup. */
export async function reportCleanup(
  { store, clock, log }: Context,
  poolId: string,
  { operation, id, token }: CleanupReport,
): Promise<CleanupAnswer> {
  return store.write(async (tx) => {
    const now = clock.now();
    const row = await lockCleanup(tx, id);
    if (row === undefined) return refused("not_found", "message_not_found");
    if (row.work_pool_id !== poolId) return refused("unauthorized", "work_pool_mismatch");
    if (row.lease_expires === null) return refused("not_current", "no_active_reservation");
    if (row.token !== token) return refused("invalid_token", "reservation_token_mismatch");
    const expired = row.lease_expires <= now;
    if (!expired && operation === "ack") {
      await deleteCleanup(tx, id);
      return ACCEPTED;
    }
    if (!expired && operation === "renew") {
      const lease_expires = leaseEnd(now);
      await updateCleanup(tx, id, { lease_expires });
      return { ...ACCEPTED, lease_expires_at: lease_expires };
    }
    if (row.deliveries >= MOST_DELIVERIES) {
      await giveUp(log, tx, row);
      return refused("dead_lettered", "max_delivery_attempts_reached");
    }
    await updateCleanup(tx, id, { holder: null, token: null, lease_expires: null });
    return expired ? refused("expired", "lease_expired") : ACCEPTED;
  });
}

const ACCEPTED: CleanupAnswer = { status: "accepted", reason: null, lease_expires_at: null };

function refused(status: CleanupAnswer["status"], reason: string): CleanupAnswer {
  return { status, reason, lease_expires_at: null };
}

function leaseEnd(now: Timestamp): Timestamp {
  return addSeconds(now, LEASE_SECONDS);
}

async function giveUp(log: Log, tx: Db, row: WorkerCleanupRow): Promise<void> {
  log.warn({ kind: row.kind, target: row.target, pool: row.work_pool_id }, "no worker could clean up");
  await deleteCleanup(tx, row.id);
}
