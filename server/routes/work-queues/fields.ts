import { z } from "zod";
import { model } from "../../http/request/body.ts";
import { flag, integer, name, text, timestamp, uuid } from "../../http/request/request-types.ts";

const queueFilter = z.object({
  tags: z.array(text()).nullable().default(null),
  deployment_ids: z.array(uuid()).nullable().default(null),
});

export const newWorkQueue = model({
  name: name(),
  description: text()
    .nullable()
    .default("")
    .transform((description) => description ?? ""),
  is_paused: flag().default(false),
  concurrency_limit: integer({ ge: 0 }).nullable().default(null),
  priority: integer({ gt: 0 }).nullable().default(null),
  filter: queueFilter.nullable().default(null),
});

/** Null is refused (422) where it has no meaning; upstream responds with 409 to most of these. */
export const workQueueChanges = model({
  name: name().optional(),
  description: text().optional(),
  is_paused: flag().optional(),
  concurrency_limit: integer({ ge: 0 }).nullable().optional(),
  priority: integer({ gt: 0 }).optional(),
  last_polled: timestamp().nullable().optional(),
  filter: queueFilter.nullable().optional(),
});
