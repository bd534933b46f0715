import { endExpiredLease } from "../domain/concurrency-limits/leases.ts";
import { expiredLeases } from "../store/queries/leases.ts";
import type { Service } from "./service.ts";

const BATCH = 200;

/** Gives back the slots of expired leases, of flow runs, task runs and deployments.
 *  Source: prefect/server/services/repossessor.py. */
export const leaseReaper: Service = {
  name: "lease reaper",
  everySeconds: 15,
  async run(context, signal) {
    const now = context.clock.now();
    while (!signal?.aborted) {
      const ids = await expiredLeases(context.store.db, now, BATCH);
      // One write each: they lock limits, which other writes wait for.
      for (const id of ids) {
        if (signal?.aborted) return;
        await context.store.write((tx) => endExpiredLease(context, tx, id, now));
      }
      if (ids.length < BATCH) return;
    }
  },
};
