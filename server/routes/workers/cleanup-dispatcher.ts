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

/** Gives a worker what it may clean up, and answers what it says of it. */
export class CleanupDispatcher {
  readonly #context: Context;
  readonly #cleaner: Cleaner;
  readonly #send: (type: string, payload: object) => boolean;
  #giving = false;
  #asked = false;

  /** `send` answers whether the worker is still there. */
  constructor(context: Context, cleaner: Cleaner, send: (type: string, payload: object) => boolean) {
    this.#context = context;
    this.#cleaner = cleaner;
    this.#send = send;
  }

  get poolId(): string {
    return this.#cleaner.poolId;
  }

  /** Gives out what there is, soon. What can't be given now is given at the next call. */
  wake(): void {
    this.#asked = true;
    if (this.#giving) return;
    this.#giving = true;
    void this.#give()
      .catch((err: unknown) =>
        this.#context.log.error({ err, pool: this.poolId }, "nothing could be given to a worker"),
      )
      .finally(() => {
        this.#giving = false;
      });
  }

  async #give(): Promise<void> {
    while (this.#asked) {
      this.#asked = false;
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

  async answer({ id, type, payload }: CleanupFrame): Promise<void> {
    const { message_id, reservation_token } = payload;
    const operation = OPERATIONS[type];
    const result = await this.#report({ operation, id: message_id, token: reservation_token });
    this.#send("cleanup.operation_result.v1", { request_frame_id: id, message_id, operation, ...result, detail: null });
    if (operation === "renew" && result.status === "accepted") return;
    this.wake();
    // Perhaps another worker can do it.
    if (operation === "release") this.#context.bus.publish("cleanups", [{ poolId: this.poolId }]);
  }

  async #report(report: Parameters<typeof reportCleanup>[2]): Promise<CleanupAnswer | typeof FAILED> {
    try {
      return await reportCleanup(this.#context, this.poolId, report);
    } catch (err) {
      if (!(err instanceof StoreError)) throw err;
      this.#context.log.error({ err, pool: this.poolId }, "what a worker said of its cleaning up was lost");
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
