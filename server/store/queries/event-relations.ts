import { expressions } from "../sql/expressions.ts";
import type { Db } from "../store.ts";

/** What events say about an object. */
export interface Named {
  id: string;
  name: string;
}

/** Tags are a JSON list of strings. */
export type Tagged = Named & { tags: string };
export type NamedPool = Named & { type: string };
export type NamedQueue = Named & { work_pool_id: string };

export const namedFlows = taggedIn("flow");
export const namedDeployments = taggedIn("deployment");
export const namedTaskRuns = taggedIn("task_run");

function taggedIn(table: "flow" | "deployment" | "task_run") {
  return async (db: Db, ids: readonly string[]): Promise<Tagged[]> => {
    if (ids.length === 0) return [];
    return db
      .selectFrom(table)
      .select(["id", "name", "tags"])
      .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
      .execute();
  };
}

export async function namedQueues(db: Db, ids: readonly string[]): Promise<NamedQueue[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("work_queue")
    .select(["id", "name", "work_pool_id"])
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .execute();
}

export async function namedPools(db: Db, ids: readonly string[]): Promise<NamedPool[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("work_pool")
    .select(["id", "name", "type"])
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .execute();
}
