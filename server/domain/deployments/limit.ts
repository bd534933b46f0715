import { deleteLimit, limitById, updateLimit } from "../../store/queries/concurrency-limits.ts";
import type { Db } from "../../store/store.ts";
import { addLimit } from "../concurrency-limits/concurrency-limits.ts";
import type { Context } from "../context.ts";

/** A deployment's limit: a global one that it shares, or its own, named after it. A `concurrency_limit` in a request is written to whichever it
 *  has, so also to a shared one. Clients rely on this behaviour of Prefect's server; our provider avoids it, since users lose shared limits by it. */

function ownLimitName(deploymentId: string): string {
  return `deployment:${deploymentId}`;
}

/** Sets the number of slots, inside a write; null deletes the limit. Takes and returns the id of the deployment's limit. */
export async function applyLimit(
  context: Context,
  tx: Db,
  deployment: { id: string; limitId: string | null },
  slots: number | null,
): Promise<string | null> {
  const known = deployment.limitId === null ? undefined : await limitById(tx, deployment.limitId);
  if (known?.limit === slots) return known.id;
  if (slots === null) {
    if (known !== undefined) await deleteLimit(tx, known.id);
    return null;
  }
  if (known === undefined) return (await addLimit(context, tx, { name: ownLimitName(deployment.id), limit: slots })).id;
  await updateLimit(tx, known.id, { limit: slots, updated: context.clock.now() });
  return known.id;
}
