import {
  artifactById,
  deleteArtifact,
  deleteCollection,
  insertArtifact,
  type LatestArtifact,
  latestArtifact,
  listLatestArtifacts,
  lockCollection,
  setLatest,
  updateArtifact,
} from "../store/queries/artifacts.ts";
import type { Db } from "../store/store.ts";
import type { ArtifactRow } from "../store/tables/artifacts.ts";
import { toJson } from "../values/json.ts";
import { ApiError } from "./api-error.ts";
import type { Context } from "./context.ts";

export interface NewArtifact {
  key: string | null;
  type: string | null;
  description: string | null;
  /** Any JSON. */
  data: unknown;
  metadata_: object | null;
  flow_run_id: string | null;
  task_run_id: string | null;
}

export type ArtifactChanges = Partial<Pick<NewArtifact, "data" | "description" | "metadata_">>;

export async function createArtifact({ store, clock, ids }: Context, newArtifact: NewArtifact): Promise<ArtifactRow> {
  const now = clock.now();
  const row: ArtifactRow = {
    id: ids.uuid4(),
    created: now,
    updated: now,
    key: newArtifact.key,
    type: newArtifact.type,
    description: newArtifact.description,
    data: json(newArtifact.data),
    metadata_: json(newArtifact.metadata_),
    flow_run_id: newArtifact.flow_run_id,
    task_run_id: newArtifact.task_run_id,
  };
  await store.write(async (tx) => {
    await insertArtifact(tx, row);
    if (row.key !== null) await setLatest(tx, { key: row.key, id: ids.uuid4(), latest_id: row.id, now });
  });
  return row;
}

/** Throws: ApiError `not_found`. */
export async function findArtifact(db: Db, id: string): Promise<ArtifactRow> {
  const row = await artifactById(db, id);
  if (row === undefined) throw notFound();
  return row;
}

/** Throws: ApiError `not_found`. */
export async function findLatest(db: Db, key: string): Promise<LatestArtifact> {
  const filters = { artifacts: { key: { any_: [key] } } };
  const [row] = await listLatestArtifacts(db, filters, "ID_DESC", { limit: 1, offset: 0 });
  if (row === undefined) throw notFound();
  return row;
}

/** Throws: ApiError `not_found`. */
export async function changeArtifact({ store, clock }: Context, id: string, changes: ArtifactChanges): Promise<void> {
  const { data, description, metadata_ } = changes;
  const columns = {
    updated: clock.now(),
    ...(data !== undefined && { data: json(data) }),
    ...(description !== undefined && { description }),
    ...(metadata_ !== undefined && { metadata_: json(metadata_) }),
  };
  if (!(await store.write((tx) => updateArtifact(tx, id, columns)))) throw notFound();
}

/** The previous one becomes the latest of its key. Throws: ApiError `not_found`. */
export async function removeArtifact({ store, clock, ids }: Context, id: string): Promise<void> {
  await store.write(async (tx) => {
    const { key } = await findArtifact(tx, id);
    // Creating an artifact of this key changes the same row: the latest one must be read after that.
    if (key !== null) await lockCollection(tx, key);
    await deleteArtifact(tx, id);
    if (key === null) return;
    const left = await latestArtifact(tx, key);
    if (left === undefined) await deleteCollection(tx, key);
    else await setLatest(tx, { key, id: ids.uuid4(), latest_id: left.id, now: clock.now() });
  });
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : toJson(value);
}

function notFound(): ApiError {
  return new ApiError("not_found", "Artifact not found.");
}
