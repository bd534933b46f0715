import { z } from "zod";
import { document, flag, integer, oneOf, text, timestamp, uuid } from "../../http/request/request-types.ts";

/** The messages of the worker channel. Both sides refuse members they don't know. Source: prefect/client/schemas/worker_channel.py. */

export const CHANNEL_VERSION = "work_pool_worker_channel.v1";
/** Every worker must request these two. */
export const CAPABILITIES = ["worker_heartbeat.v1", "work_pool_snapshot.v1"] as const;
export const CLEANUP = "cleanup_delivery.v1";

const nonEmptyText = () => text({ minLength: 1 });
const cleanupKind = oneOf("cancelling_timeout_teardown.v1", "pending_claim_teardown.v1");

function frame<const T extends string, P extends z.ZodType>(type: T, payload: P) {
  return z.strictObject({ type: z.literal(type), id: uuid(), sent_at: timestamp(), payload });
}

const hello = z
  .strictObject({
    consumer_id: uuid(),
    worker_name: nonEmptyText(),
    worker_type: nonEmptyText(),
    heartbeat_interval_seconds: integer({ gt: 0 }),
    supported_channel_versions: z.array(nonEmptyText()).min(1),
    requested_capabilities: z.array(nonEmptyText()).min(1),
    work_queue_names: z.array(nonEmptyText()).default([]),
    handled_cleanup_kinds: z.array(cleanupKind).default([]),
    max_cleanup_concurrency: integer({ ge: 0 }).optional(),
    create_pool_if_not_found: flag().default(false),
    default_base_job_template: document().default({}),
    worker_metadata: document().nullable().default(null),
  })
  .refine(({ requested_capabilities }) => CAPABILITIES.every((one) => requested_capabilities.includes(one)))
  .refine(
    ({ requested_capabilities, handled_cleanup_kinds, max_cleanup_concurrency = 0 }) =>
      requested_capabilities.includes(CLEANUP) || (handled_cleanup_kinds.length === 0 && max_cleanup_concurrency === 0),
  )
  .transform(({ handled_cleanup_kinds: kinds, max_cleanup_concurrency: max, ...rest }) => ({
    ...rest,
    handled_cleanup_kinds: kinds,
    max_cleanup_concurrency: max ?? (kinds.length > 0 ? 1 : 0),
  }));

export type HelloPayload = z.output<typeof hello>;

export const helloFrame = frame("worker.hello.v1", hello);

const heartbeat = z.strictObject({
  consumer_id: uuid(),
  worker_name: nonEmptyText(),
  heartbeat_interval_seconds: integer({ gt: 0 }),
});

const cleanup = { message_id: uuid(), reservation_token: nonEmptyText() };

/** What a worker may send after its hello. */
export const workerFrame = z.discriminatedUnion("type", [
  frame("worker.heartbeat.v1", heartbeat),
  frame("cleanup.ack.v1", z.strictObject(cleanup)),
  frame("cleanup.renew.v1", z.strictObject(cleanup)),
  frame("cleanup.release.v1", z.strictObject({ ...cleanup, reason: nonEmptyText() })),
]);

export type WorkerFrame = z.output<typeof workerFrame>;
export type CleanupFrame = Exclude<WorkerFrame, { type: "worker.heartbeat.v1" }>;
export type HeartbeatPayload = z.output<typeof heartbeat>;
