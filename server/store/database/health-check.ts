import { setTimeout as delay } from "node:timers/promises";
import { CompiledQuery } from "kysely";
import type { Store } from "../store.ts";

const TIMEOUT_MS = 5000;

/** Whether the database accepts a write, and has our tables, within a few seconds. Never throws for what the database does. */
export async function isHealthy(write: Store["write"]): Promise<boolean> {
  const done = new AbortController();
  const written = write((tx) => tx.executeQuery(CompiledQuery.raw("select number from migration limit 1"))).then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof Error)) throw error;
      return false;
    },
  );
  const timeout = delay(TIMEOUT_MS, false, { signal: done.signal }).catch(() => false);
  const healthy = await Promise.race([written, timeout]);
  done.abort();
  return healthy;
}
