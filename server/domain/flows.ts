import type { RelatedFilters } from "../store/filters/related.ts";
import { deleteFlows, flowById, flowByName, insertFlow, listFlows, updateFlow } from "../store/queries/flows.ts";
import type { Db } from "../store/store.ts";
import type { FlowRow } from "../store/tables/flow-runs.ts";
import { toJson } from "../values/json.ts";
import { ApiError } from "./api-error.ts";
import type { Context } from "./context.ts";

export interface NewFlow {
  name: string;
  tags?: readonly string[];
  labels?: object | null;
}

/** The flow of that name, unchanged, or a new one. */
export async function findOrCreateFlow(
  { ids, clock }: Context,
  tx: Db,
  newFlow: NewFlow,
): Promise<{ flow: FlowRow; created: boolean }> {
  const known = await flowByName(tx, newFlow.name);
  if (known !== undefined) return { flow: known, created: false };
  const now = clock.now();
  const flow: FlowRow = {
    id: ids.uuid4(),
    created: now,
    updated: now,
    name: newFlow.name,
    tags: toJson(newFlow.tags ?? []),
    labels: toJson(newFlow.labels === undefined ? {} : newFlow.labels),
  };
  if (await insertFlow(tx, flow)) return { flow, created: true };
  // Another process created it in between.
  return { flow: found(await flowByName(tx, newFlow.name)), created: false };
}

/** Throws: ApiError `not_found`. */
export async function findFlow(db: Db, key: { id: string } | { name: string }): Promise<FlowRow> {
  return found("id" in key ? await flowById(db, key.id) : await flowByName(db, key.name));
}

function found(flow: FlowRow | undefined): FlowRow {
  if (flow === undefined) throw notFound();
  return flow;
}

/** Throws: ApiError `not_found`. */
export async function tagFlow({ store, clock }: Context, id: string, tags?: readonly string[]): Promise<void> {
  const changes = { updated: clock.now(), ...(tags !== undefined && { tags: toJson(tags) }) };
  if (!(await store.write((tx) => updateFlow(tx, id, changes)))) throw notFound();
}

/** Deletes its deployments and runs, too. Throws: ApiError `not_found`. */
export async function removeFlow({ store }: Context, id: string): Promise<void> {
  await store.write(async (tx) => {
    await findFlow(tx, { id });
    await deleteFlows(tx, [id]);
  });
}

/** Deletes the first matching flows, by name. Returns their ids. */
export async function removeFlows({ store }: Context, filters: RelatedFilters, most: number): Promise<string[]> {
  return store.write(async (tx) => {
    const flows = await listFlows(tx, filters, "NAME_ASC", { limit: most, offset: 0 });
    const ids = flows.map((flow) => flow.id);
    await deleteFlows(tx, ids);
    return ids;
  });
}

function notFound(): ApiError {
  return new ApiError("not_found", "Flow not found");
}
