import { deleteEventsBefore } from "../store/queries/events.ts";
import { addSeconds } from "../values/timestamp.ts";
import type { Service } from "./service.ts";

/** Events per write: bounds how long other writes wait. */
const BATCH = 500;

/** Deletes events that are old enough. Source: prefect/server/services/db_vacuum.py. */
export const eventRetention: Service = {
  name: "event retention",
  everySeconds: 600,
  async run({ store, clock, config }, signal) {
    const before = addSeconds(clock.now(), -config.eventRetentionSeconds);
    let deleted = BATCH;
    while (deleted === BATCH && !signal?.aborted) {
      deleted = await store.write((tx) => deleteEventsBefore(tx, before, BATCH));
    }
  },
};
