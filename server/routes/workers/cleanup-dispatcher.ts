import type { Context } from "../../domain/context.ts";
import {
  type Cleaner,
  type CleanupAnswer,
  reportCleanup,
  takeCleanup,
} from "../../domain/work-pools/worker-cleanups.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { StoreError } from "../../store/store-error.ts";
import type { CleanupFrame } from "./channel-frames.ts";

/** Sends cleanups to a worker, and handles what it reports about them. */
export class CleanupDispatcher {
  readonly #context: Context;
  readonly #cleaner: Cleaner;
  readonly #send: (type: string, payload: object) => boolean;
  #dispatching = false;
  #wakeRequested = false;

  /** `send` returns whether the worker is still connected. */
  constructor(context: Context, cleaner: Cleaner, send: (type: string, payload: object) => boolean) {
    this.#context = context;
    this.#cleaner = cleaner;
    this.#send = send;
  }

  get poolId(): string {
    return this.#cleaner.poolId;
  }

  /** Sends pending cleanups, asynchronously. Those that can't be sent now are sent after the next call. */
  wake(): void {
    this.#wakeRequested = true;
    if (this.#dispatching) return;
    this.#dispatching = true;
    void this.#dispatch()
      .catch((err: unknown) =>
        this.#context.log.error({ err, pool: this.poolId }, "cleanups could not be sent to a worker"),
      )
      .finally(() => {
        this.#dispatching = false;
      });
  }

  async #dispatch(): Promise<void> {
    while (this.#wakeRequested) {
      this.#wakeRequested = false;
      for (let next = await this.#take(); next !== undefined; next = await this.#take()) {
        const sent = this.#send("cleanup.message.v1", {
          message_id: next.id,
          kind: next.kind,
          reservation_token: next.token,
          lease_expires_at: next.lease_expires,
          delivery_count: next.deliveries,
          work_queue_id: next.work_queue_id,
          target: new JsonText(next.target),
          data: {},
        });
        if (sent) continue;
        await reportCleanup(this.#context, this.poolId, { operation: "release", id: next.id, token: next.token });
        return;
      }
    }
  }

  #take() {
    return takeCleanup(this.#context, this.#cleaner);
  }

  async handle({ id, type, payload }: CleanupFrame): Promise<void> {
    const { message_id, reservation_token } = payload;
    const operation = OPERATIONS[type];
    const result = await this.#report({ operation, id: message_id, token: reservation_token });
    this.#send("cleanup.operation_result.v1", { request_frame_id: id, message_id, operation, ...result, detail: null });
    if (operation === "renew" && result.status === "accepted") return;
    this.wake();
    // Another worker may take it.
    if (operation === "release") this.#context.bus.publish("cleanups", [{ poolId: this.poolId }]);
  }

  async #report(report: Parameters<typeof reportCleanup>[2]): Promise<CleanupAnswer | typeof FAILED> {
    try {
      return await reportCleanup(this.#context, this.poolId, report);
    } catch (err) {
      if (!(err instanceof StoreError)) throw err;
      this.#context.log.error({ err, pool: this.poolId }, "the result of a cleanup was lost");
      return FAILED;
    }
  }
}

export const OPERATIONS = {
  "cleanup.ack.v1": "ack",
  "cleanup.release.v1": "release",
  "cleanup.renew.v1": "renew",
} as const;

const FAILED = { status: "error", reason: "cleanup_queue_operation_failed", lease_expires_at: null } as const;
