import { deleteLimit, limitById, updateLimit } from "../../store/queries/concurrency-limits.ts";
import type { Db } from "../../store/store.ts";
import { addLimit } from "../concurrency-limits/concurrency-limits.ts";
import type { Context } from "../context.ts";

/** A deployment's limit: either a global one that it shares, or one of its own, named after it. What the deployment says of its limit
 *  is written to whichever it has, and so also to a shared one. That is upstream's way, and clients count on it; users lose
 *  shared limits by it, which is why our provider never lets it come to that. */

function ownLimitName(deploymentId: string): string {
  return `deployment:${deploymentId}`;
}

/** Sets the number of slots, inside a write; null deletes the limit. `limitId`: the one that the deployment has. Answers the one that it
 *  has then. */
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
