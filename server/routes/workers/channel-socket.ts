import { ApiError } from "../../domain/api-error.ts";
import type { Context } from "../../domain/context.ts";
import { admitWorker, type RefusalReason, WorkerRefused } from "../../domain/work-pools/worker-channel.ts";
import { recordHeartbeat } from "../../domain/work-pools/workers.ts";
import { FIRST_ISSUE_ONLY, RequestValidationError } from "../../http/request/validation-error.ts";
import { writeJson } from "../../http/response/json-text.ts";
import type { Peer } from "../../sockets/peer.ts";
import { CLOSE_CODES, receiveObject, SocketClose, type SocketRoute } from "../../sockets/socket-route.ts";
import { workPoolByName } from "../../store/queries/work-pools/work-pools.ts";
import type { WorkQueue } from "../../store/queries/work-pools/work-queues.ts";
import { StoreError } from "../../store/store-error.ts";
import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import { checkTemplate } from "../work-pools/fields.ts";
import { presentWorkPool } from "../work-pools/view.ts";
import {
  CAPABILITIES,
  CHANNEL_VERSION,
  CLEANUP,
  type CleanupFrame,
  type HeartbeatPayload,
  type HelloPayload,
  helloFrame,
  workerFrame,
} from "./channel-frames.ts";
import { CleanupDispatcher, OPERATIONS } from "./cleanup-dispatcher.ts";

/** The worker channel: the worker sends heartbeats, the server sends changes of the pool and cleanups. Runs are polled over HTTP. */
export const workerChannelSocket: SocketRoute = {
  path: "/work_pools/{name}/workers/connect",
  // A worker may send a whole job template.
  maxFrameBytes: 4 * 1024 * 1024,
  requiresSubprotocol: true,
  authFailedReason: "authentication_failed",
  async handle(peer, { name = "" }, context) {
    const first = await receiveFrame(peer);
    if (first === undefined) return;
    const result = helloFrame.safeParse(first, FIRST_ISSUE_ONLY);
    if (!result.success) throw PROTOCOL_ERROR();
    const hello = result.data.payload;
    if (!hello.supported_channel_versions.includes(CHANNEL_VERSION)) {
      throw new SocketClose(CLOSE_CODES.policyViolation, "unsupported_version");
    }
    await new Channel(peer, name, hello, context).run();
  },
};

const PROTOCOL_ERROR = () => new SocketClose(CLOSE_CODES.protocolError, "protocol_error");

const REFUSALS: Record<RefusalReason, () => SocketClose> = {
  "no pool": () => new SocketClose(CLOSE_CODES.policyViolation, "authorization_failed"),
  "no queue": () => new SocketClose(CLOSE_CODES.policyViolation, "authorization_failed"),
  "reserved name": () => new SocketClose(CLOSE_CODES.policyViolation, "authorization_failed"),
  "bad template": PROTOCOL_ERROR,
};

async function receiveFrame(peer: Peer): Promise<Record<string, unknown> | undefined> {
  try {
    return await receiveObject(peer);
  } catch (error) {
    if (error instanceof SocketClose) throw PROTOCOL_ERROR();
    throw error;
  }
}

class Channel {
  readonly #peer: Peer;
  readonly #poolName: string;
  readonly #hello: HelloPayload;
  readonly #context: Context;
  #poolId: string | undefined;
  /** `updated` of the pool as the worker knows it. */
  #knownUpdated: string | undefined;
  #sequence = 1;
  /** Only for workers that clean up. */
  #dispatcher: CleanupDispatcher | undefined;
  /** Why the worker needs another snapshot; only the latest reason counts. */
  #pendingReason: string | undefined;
  #sending = false;

  constructor(peer: Peer, poolName: string, hello: HelloPayload, context: Context) {
    this.#peer = peer;
    this.#poolName = poolName;
    this.#hello = hello;
    this.#context = context;
  }

  async run(): Promise<void> {
    // Subscribes before the pool is read, so that no change is missed.
    const changedBefore = new Set<string>();
    const { bus } = this.#context;
    const stop = bus.subscribe("pools", (signals) => {
      for (const { poolId } of signals) {
        if (this.#poolId === undefined) changedBefore.add(poolId);
        else if (this.#poolId === poolId) this.#sendSnapshotSoon("work_pool_updated");
      }
    });
    const stopCleaning = bus.subscribe("cleanups", (signals) => {
      if (signals.some(({ poolId }) => poolId === this.#dispatcher?.poolId)) this.#dispatcher?.wake();
    });
    try {
      const { pool, queues } = await this.#admit();
      this.#poolId = pool.id;
      this.#knownUpdated = pool.updated;
      this.#send("worker.ready.v1", await this.#ready(pool, queues));
      if (changedBefore.has(pool.id)) this.#sendSnapshotSoon("work_pool_updated");
      this.#dispatcher = this.#createDispatcher(pool, queues);
      this.#dispatcher?.wake();
      await this.#listen();
    } finally {
      stop();
      stopCleaning();
    }
  }

  #createDispatcher(pool: WorkPoolRow, queues: readonly WorkQueue[]): CleanupDispatcher | undefined {
    if (!wantsCleanups(this.#hello)) return undefined;
    const cleaner = {
      poolId: pool.id,
      queueIds: queues.map((queue) => queue.id),
      kinds: this.#hello.handled_cleanup_kinds,
      most: this.#hello.max_cleanup_concurrency,
      holder: `${this.#hello.consumer_id} ${this.#hello.worker_name}`,
    };
    return new CleanupDispatcher(this.#context, cleaner, (type, payload) => this.#send(type, payload));
  }

  async #admit(): Promise<{ pool: WorkPoolRow; queues: WorkQueue[] }> {
    const { worker_name, worker_type, heartbeat_interval_seconds, work_queue_names } = this.#hello;
    try {
      return await admitWorker(this.#context, this.#poolName, {
        name: worker_name,
        intervalSeconds: heartbeat_interval_seconds,
        type: worker_type,
        queueNames: work_queue_names,
        createPool: this.#hello.create_pool_if_not_found,
        template: validTemplate(this.#hello.default_base_job_template, worker_type),
      });
    } catch (error) {
      if (error instanceof WorkerRefused) throw REFUSALS[error.refusal]();
      if (!(error instanceof StoreError)) throw error;
      throw new SocketClose(CLOSE_CODES.internalError, "transient_server_error");
    }
  }

  async #ready(pool: WorkPoolRow, queues: readonly WorkQueue[]): Promise<object> {
    const { consumer_id, heartbeat_interval_seconds, requested_capabilities } = this.#hello;
    const accepted: readonly string[] = wantsCleanups(this.#hello) ? [...CAPABILITIES, CLEANUP] : CAPABILITIES;
    return {
      consumer_id,
      worker_id: null,
      selected_channel_version: CHANNEL_VERSION,
      effective_heartbeat_interval_seconds: heartbeat_interval_seconds,
      accepted_capabilities: accepted,
      rejected_capabilities: [...new Set(requested_capabilities)].filter((one) => !accepted.includes(one)),
      effective_max_cleanup_concurrency: wantsCleanups(this.#hello) ? this.#hello.max_cleanup_concurrency : 0,
      resolved_work_queues: queues.map(({ id, name }) => ({ id, name })),
      initial_snapshot: await this.#snapshot(pool, "initial"),
    };
  }

  async #listen(): Promise<void> {
    for (;;) {
      const message = await receiveFrame(this.#peer);
      if (message === undefined) return;
      const frame = workerFrame.safeParse(message, FIRST_ISSUE_ONLY);
      if (!frame.success) throw PROTOCOL_ERROR();
      if (frame.data.type === "worker.heartbeat.v1") await this.#heartbeat(frame.data.payload);
      else if (this.#dispatcher !== undefined) await this.#dispatcher.handle(frame.data);
      else this.#refuseCleanup(frame.data);
    }
  }

  async #heartbeat(payload: HeartbeatPayload): Promise<void> {
    const { consumer_id, worker_name, heartbeat_interval_seconds } = payload;
    if (consumer_id !== this.#hello.consumer_id || worker_name !== this.#hello.worker_name) throw PROTOCOL_ERROR();
    const worker = { name: worker_name, intervalSeconds: heartbeat_interval_seconds };
    try {
      const { updated } = await recordHeartbeat(this.#context, this.#poolName, worker);
      // Covers changes that were not published, such as those of another process.
      if (updated !== this.#knownUpdated) this.#sendSnapshotSoon("heartbeat_reconciliation");
      this.#dispatcher?.wake();
    } catch (error) {
      if (!(error instanceof StoreError || error instanceof ApiError)) throw error;
      throw new SocketClose(CLOSE_CODES.internalError, "heartbeat_persistence_failed");
    }
  }

  #refuseCleanup({ id, type, payload }: CleanupFrame): void {
    this.#send("cleanup.operation_result.v1", {
      request_frame_id: id,
      message_id: payload.message_id,
      operation: OPERATIONS[type],
      status: "unauthorized",
      lease_expires_at: null,
      reason: "cleanup_delivery_not_accepted",
      detail: null,
    });
  }

  /** Several changes in a row cause one snapshot. */
  #sendSnapshotSoon(reason: string): void {
    this.#pendingReason = reason;
    if (this.#sending) return;
    this.#sending = true;
    void this.#sendSnapshots().finally(() => {
      this.#sending = false;
    });
  }

  async #sendSnapshots(): Promise<void> {
    try {
      while (this.#pendingReason !== undefined && !this.#peer.closed) {
        const reason = this.#pendingReason;
        this.#pendingReason = undefined;
        const pool = await workPoolByName(this.#context.store.db, this.#poolName);
        if (pool === undefined || pool.id !== this.#poolId) {
          this.#peer.close(CLOSE_CODES.policyViolation, "authorization_failed");
          return;
        }
        this.#knownUpdated = pool.updated;
        this.#send("work_pool.snapshot.v1", await this.#snapshot(pool, reason));
      }
    } catch (err) {
      this.#context.log.error({ err, pool: this.#poolName }, "a snapshot of the pool could not be sent to a worker");
      this.#peer.close(CLOSE_CODES.internalError, "transient_server_error");
    }
  }

  async #snapshot(pool: WorkPoolRow, reason: string): Promise<object> {
    const snapshot_sequence = this.#sequence++;
    return { snapshot_sequence, reason, work_pool: await presentWorkPool(this.#context.store.db, pool, {}) };
  }

  /** Returns whether the worker is still connected. */
  #send(type: string, payload: object): boolean {
    const { ids, clock } = this.#context;
    if (this.#peer.closed) return false;
    this.#peer.send(writeJson({ type, id: ids.uuid7(), sent_at: clock.now(), payload }));
    return true;
  }
}

function wantsCleanups(hello: HelloPayload): boolean {
  const { requested_capabilities, handled_cleanup_kinds, max_cleanup_concurrency } = hello;
  return requested_capabilities.includes(CLEANUP) && handled_cleanup_kinds.length > 0 && max_cleanup_concurrency > 0;
}

/** The template, or null for an invalid one. */
function validTemplate(template: Record<string, unknown>, poolType: string): object | null {
  try {
    checkTemplate(template, { operation: "create", poolType });
    return template;
  } catch (error) {
    if (error instanceof RequestValidationError) return null;
    throw error;
  }
}
