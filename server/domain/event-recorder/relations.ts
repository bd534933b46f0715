import {
  type NamedPool,
  type NamedQueue,
  namedDeployments,
  namedFlows,
  namedPools,
  namedQueues,
  namedTaskRuns,
  type Tagged,
} from "../../store/queries/event-relations.ts";
import type { Db } from "../../store/store.ts";

/** Ids of the objects that a batch of events names. */
export class RelatedIds {
  readonly flows = new Set<string>();
  readonly deployments = new Set<string>();
  readonly queues = new Set<string>();
  readonly pools = new Set<string>();
  readonly taskRuns = new Set<string>();
}

/** The objects that exist. */
export interface Relations {
  readonly flows: ReadonlyMap<string, Tagged>;
  readonly deployments: ReadonlyMap<string, Tagged>;
  readonly queues: ReadonlyMap<string, NamedQueue>;
  readonly pools: ReadonlyMap<string, NamedPool>;
  readonly taskRuns: ReadonlyMap<string, Tagged>;
}

export async function readRelations(db: Db, ids: RelatedIds): Promise<Relations> {
  const queues = byId(await namedQueues(db, [...ids.queues]));
  for (const queue of queues.values()) ids.pools.add(queue.work_pool_id);
  return {
    flows: byId(await namedFlows(db, [...ids.flows])),
    deployments: byId(await namedDeployments(db, [...ids.deployments])),
    queues,
    pools: byId(await namedPools(db, [...ids.pools])),
    taskRuns: byId(await namedTaskRuns(db, [...ids.taskRuns])),
  };
}

function byId<T extends { id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
