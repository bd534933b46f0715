import { setTimeout as delay } from "node:timers/promises";
import { CompiledQuery } from "kysely";
import type { Store } from "../store.ts";

/** How long a database may take that is fit for work. */
const PATIENCE_MS = 5000;

/** Whether the database takes a write, and has our tables, within a few seconds. However it fails to, the answer is no. */
export async function answers(write: Store["write"]): Promise<boolean> {
  const enough = new AbortController();
  const asked = write((tx) => tx.executeQuery(CompiledQuery.raw("select number from migration limit 1"))).then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof Error)) throw error;
      return false;
    },
  );
  const late = delay(PATIENCE_MS, false, { signal: enough.signal }).catch(() => false);
  const answer = await Promise.race([asked, late]);
  enough.abort();
  return answer;
}
