import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { flowRunsMatching, type RelatedFilters, taskRunsMatching } from "../filters/related.ts";
import { Conditions, type Operator } from "../sql/conditions.ts";
import { countRows } from "../sql/count-rows.ts";
import type { Page } from "../sql/page.ts";
import type { Db } from "../store.ts";
import type { ArtifactRow } from "../tables/artifacts.ts";
import type { Tables } from "../tables/index.ts";

/** An artifact that is the latest of its key, with what is known of the collection. */
export type LatestArtifact = ArtifactRow & {
  collection_id: string;
  collection_created: string;
  collection_updated: string;
};

interface AnyText {
  any_?: string[] | null | undefined;
}

export interface ArtifactFilter {
  operator?: Operator | undefined;
  id?: AnyText | null | undefined;
  /** For collections: of the latest artifact. */
  latest_id?: AnyText | null | undefined;
  key?:
    | { any_?: string[] | null | undefined; like_?: string | null | undefined; exists_?: boolean | null | undefined }
    | null
    | undefined;
  flow_run_id?: AnyText | null | undefined;
  task_run_id?: AnyText | null | undefined;
  type?: { any_?: string[] | null | undefined; not_any_?: string[] | null | undefined } | null | undefined;
}

/** With the filters of what artifacts belong to. */
export type ArtifactFilters = Pick<RelatedFilters, "flow_runs" | "task_runs" | "flows" | "deployments"> & {
  artifacts?: ArtifactFilter | undefined;
};

export type ArtifactSort = "CREATED_DESC" | "UPDATED_DESC" | "ID_DESC" | "KEY_DESC" | "KEY_ASC";

const SORTS = {
  CREATED_DESC: ["artifact.created", "desc"],
  UPDATED_DESC: ["artifact.updated", "desc"],
  ID_DESC: ["artifact.id", "desc"],
  KEY_DESC: ["artifact.key", "desc"],
  KEY_ASC: ["artifact.key", "asc"],
} as const;

export async function artifactById(db: Db, id: string): Promise<ArtifactRow | undefined> {
  return db.selectFrom("artifact").selectAll().where("id", "=", id).executeTakeFirst();
}

/** What is shown of an artifact in the graph of its flow run. */
export type GraphArtifact = Pick<ArtifactRow, "id" | "created" | "key" | "type" | "data" | "task_run_id"> & {
  /** The artifact's collection, if it is the latest there. */
  collection_id: string | null;
};

/** Artifacts of a flow run and its task runs, the oldest first: without results, and without those that have no type. */
export async function artifactsOfFlowRun(db: Db, flowRunId: string, most: number): Promise<GraphArtifact[]> {
  return db
    .selectFrom("artifact")
    .leftJoin("artifact_collection", "artifact_collection.latest_id", "artifact.id")
    .select(["artifact.id", "artifact.created", "artifact.key", "artifact.type", "artifact.data"])
    .select(["artifact.task_run_id", "artifact_collection.id as collection_id"])
    .where("artifact.flow_run_id", "=", flowRunId)
    .where("artifact.type", "!=", "result")
    .orderBy("artifact.created")
    .orderBy("artifact.id")
    .limit(most)
    .execute();
}

/** The newest one of the key. */
export async function latestArtifact(db: Db, key: string): Promise<ArtifactRow | undefined> {
  return db
    .selectFrom("artifact")
    .selectAll()
    .where("key", "=", key)
    .orderBy("created", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

export async function listArtifacts(
  db: Db,
  filters: ArtifactFilters,
  sort: ArtifactSort,
  page: Page,
): Promise<ArtifactRow[]> {
  const [column, direction] = SORTS[sort];
  return db
    .selectFrom("artifact")
    .selectAll("artifact")
    .where(matching(db, filters))
    .orderBy(column, direction)
    .orderBy("artifact.created", "desc")
    .orderBy("artifact.id", "desc")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countArtifacts(db: Db, filters: ArtifactFilters): Promise<number> {
  return countRows(db.selectFrom("artifact").where(matching(db, filters)));
}

export async function listLatestArtifacts(
  db: Db,
  filters: ArtifactFilters,
  sort: ArtifactSort,
  page: Page,
): Promise<LatestArtifact[]> {
  const [column, direction] = LATEST_SORTS[sort];
  return latest(db, filters)
    .selectAll("artifact")
    .select([
      "artifact_collection.id as collection_id",
      "artifact_collection.created as collection_created",
      "artifact_collection.updated as collection_updated",
    ])
    .orderBy(column, direction)
    .orderBy("artifact_collection.id", "desc")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

const LATEST_SORTS = {
  CREATED_DESC: ["artifact_collection.created", "desc"],
  UPDATED_DESC: ["artifact_collection.updated", "desc"],
  ID_DESC: ["artifact_collection.id", "desc"],
  KEY_DESC: ["artifact_collection.key", "desc"],
  KEY_ASC: ["artifact_collection.key", "asc"],
} as const;

export async function countLatestArtifacts(db: Db, filters: ArtifactFilters): Promise<number> {
  return countRows(latest(db, filters));
}

export async function insertArtifact(tx: Db, row: ArtifactRow): Promise<void> {
  await tx.insertInto("artifact").values(row).execute();
}

/** Makes an artifact the latest of its key. `id`: for a collection that is new. */
export async function setLatest(
  tx: Db,
  { key, id, latest_id, now }: Record<"key" | "id" | "latest_id" | "now", string>,
) {
  await tx
    .insertInto("artifact_collection")
    .values({ id, created: now, updated: now, key, latest_id })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ latest_id, updated: now }))
    .execute();
}

/** Locks the collection of a key until the write ends. */
export async function lockCollection(tx: Db, key: string): Promise<void> {
  await tx.selectFrom("artifact_collection").select("id").where("key", "=", key).forUpdate().execute();
}

export async function deleteCollection(tx: Db, key: string): Promise<void> {
  await tx.deleteFrom("artifact_collection").where("key", "=", key).execute();
}

/** Whether there is such an artifact. */
export async function updateArtifact(tx: Db, id: string, changes: Partial<ArtifactRow>): Promise<boolean> {
  const result = await tx.updateTable("artifact").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function deleteArtifact(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("artifact").where("id", "=", id).execute();
}

function latest(db: Db, filters: ArtifactFilters) {
  return db
    .selectFrom("artifact_collection")
    .innerJoin("artifact", "artifact.id", "artifact_collection.latest_id")
    .where(matching(db, filters));
}

function matching(
  db: Db,
  { artifacts, flow_runs, flows, deployments, task_runs }: ArtifactFilters,
): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "artifact">();
  const one = eb.lit(1).as("one");
  const conditions: Expression<SqlBool>[] = [];
  if (artifacts !== undefined) conditions.push(artifactCondition(db, artifacts));
  if (flow_runs !== undefined || flows !== undefined || deployments !== undefined) {
    const run = eb
      .selectFrom("flow_run")
      .select(one)
      .whereRef("flow_run.id", "=", "artifact.flow_run_id")
      .where(flowRunsMatching(db, { flow_runs, flows, deployments }));
    conditions.push(eb.exists(run));
  }
  if (task_runs !== undefined) {
    const run = eb
      .selectFrom("task_run")
      .select(one)
      .whereRef("task_run.id", "=", "artifact.task_run_id")
      .where(taskRunsMatching(db, { task_runs }));
    conditions.push(eb.exists(run));
  }
  return eb.and(conditions);
}

function artifactCondition(db: Db, filter: ArtifactFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "artifact">();
  const key = eb.ref("artifact.key");
  return new Conditions(db, eb)
    .column(eb.ref("artifact.id"), filter.id)
    .column(eb.ref("artifact.id"), filter.latest_id)
    .member(filter.key, (conditions, { any_, like_, exists_ }) =>
      conditions
        .isIn(key, any_)
        .like(key, like_)
        .isNull(key, exists_ == null ? null : !exists_),
    )
    .column(eb.ref("artifact.flow_run_id"), filter.flow_run_id)
    .column(eb.ref("artifact.task_run_id"), filter.task_run_id)
    .column(eb.ref("artifact.type"), filter.type)
    .join(filter.operator);
}
