import type { Ids } from "../../runtime/ids.ts";
import type { NamedPool, NamedQueue } from "../../store/queries/event-relations.ts";
import type { FlowRun } from "../../store/queries/runs/flow-runs.ts";
import type { Db } from "../../store/store.ts";
import { secondsBetween, type Timestamp } from "../../values/timestamp.ts";
import type { Change } from "../changes.ts";
import type { Labels, NewEvent } from "../events/event.ts";
import { addRelatedIds, flowRunEvent, relatedToFlowRun } from "./flow-run-event.ts";
import { deploymentEvents, type ObjectEvent, poolEvents, queueEvents } from "./object-event.ts";
import { RelatedIds, type Relations, readRelations } from "./relations.ts";

/** How long the related resources of a flow run are cached, as in Prefect. */
const BELIEVED_SECONDS = 300;
const MOST_BELIEVED = 1000;
/** Status events of a pool closer than this have `follows`. */
const TIGHT_SECONDS = 600;

export interface ReportedChange {
  change: Change;
  /** When it was reported. */
  at: Timestamp;
}

/** Makes events from changes. */
export class EventsOfChanges {
  readonly #ids: Ids;
  readonly #believed = new Map<string, { at: Timestamp; key: string; related: Labels[] }>();
  readonly #poolStatuses = new Map<string, { id: string; at: Timestamp }>();
  readonly #pools = new Map<string, NamedPool>();
  readonly #queues = new Map<string, NamedQueue>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** Remembers pools and queues when their changes are reported: they may be deleted before the events are made. */
  observe(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === "work-pool") {
        const { id, name, type } = change.object.after ?? change.object.before;
        remember(this.#pools, id, { id, name, type });
      } else if (change.kind === "work-queue") {
        const { id, name, work_pool_id } = change.object.after ?? change.object.before;
        remember(this.#queues, id, { id, name, work_pool_id });
      }
    }
  }

  /** In the order of the changes. */
  async make(db: Db, reported: readonly ReportedChange[]): Promise<NewEvent[]> {
    const ids = new RelatedIds();
    for (const { change, at } of reported) this.#want(ids, change, at);
    for (const id of ids.queues) {
      const pool = this.#queues.get(id)?.work_pool_id;
      if (pool !== undefined) ids.pools.add(pool);
    }
    const found = await readRelations(db, ids);
    const relations = {
      ...found,
      pools: completed(found.pools, ids.pools, this.#pools),
      queues: completed(found.queues, ids.queues, this.#queues),
    };
    return reported.flatMap((one) => this.#eventsOf(one, relations));
  }

  #want(ids: RelatedIds, change: Change, at: Timestamp): void {
    if (change.kind === "flow-run-state") {
      if (this.#believe(change.run, at) === undefined) addRelatedIds(ids, change.run);
    } else if (change.kind === "work-queue") {
      ids.pools.add((change.object.after ?? change.object.before).work_pool_id);
    } else if (change.kind === "deployment") {
      const row = change.object.after ?? change.object.before;
      ids.flows.add(row.flow_id);
      if (row.work_queue_id !== null) ids.queues.add(row.work_queue_id);
    }
  }

  #eventsOf({ change, at }: ReportedChange, relations: Relations): NewEvent[] {
    switch (change.kind) {
      case "flow-run-state":
        return [flowRunEvent(change, this.#relatedTo(change.run, at, relations))];
      case "task-run-state":
        // Their events come from the clients that run them.
        return [];
      case "work-pool": {
        const pool = change.object.after ?? change.object.before;
        return poolEvents(change.object, relations).map((event) => this.#ofPool(pool.id, event, at));
      }
      case "work-queue":
        return queueEvents(change.object, relations).map((event) => this.#complete(event, at));
      case "deployment":
        return deploymentEvents(change.object, relations).map((event) => this.#complete(event, at));
    }
  }

  #complete(event: ObjectEvent, occurred: Timestamp): NewEvent {
    return { ...event, id: this.#ids.uuid7(), occurred, follows: null };
  }

  #ofPool(poolId: string, event: ObjectEvent, at: Timestamp): NewEvent {
    const complete = this.#complete(event, at);
    if (!STATUS_EVENT.test(event.event)) return complete;
    const last = this.#poolStatuses.get(poolId);
    remember(this.#poolStatuses, poolId, { id: complete.id, at });
    return last !== undefined && secondsBetween(last.at, at) < TIGHT_SECONDS
      ? { ...complete, follows: last.id }
      : complete;
  }

  #relatedTo(run: FlowRun, at: Timestamp, relations: Relations): Labels[] {
    const believed = this.#believe(run, at);
    if (believed !== undefined) return believed;
    const related = relatedToFlowRun(run, relations);
    remember(this.#believed, run.id, { at, key: keyOf(run), related });
    return related;
  }

  #believe(run: FlowRun, at: Timestamp): Labels[] | undefined {
    const believed = this.#believed.get(run.id);
    if (believed === undefined || believed.key !== keyOf(run)) return undefined;
    return secondsBetween(believed.at, at) < BELIEVED_SECONDS ? believed.related : undefined;
  }
}

const STATUS_EVENT = /^prefect\.work-pool\.(ready|not-ready|paused)$/;

/** The columns that determine the related resources. */
function keyOf({ deployment_id, work_queue_id, parent_task_run_id, tags }: FlowRun): string {
  return `${deployment_id} ${work_queue_id} ${parent_task_run_id} ${tags}`;
}

/** Keeps the newest ones. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > MOST_BELIEVED ? map.keys().next() : undefined;
  if (oldest !== undefined && !oldest.done) map.delete(oldest.value);
}

/** Deleted objects as they were last seen. */
function completed<V>(
  found: ReadonlyMap<string, V>,
  ids: Iterable<string>,
  shown: ReadonlyMap<string, V>,
): ReadonlyMap<string, V> {
  const all = new Map(found);
  for (const id of ids) {
    const last = all.has(id) ? undefined : shown.get(id);
    if (last !== undefined) all.set(id, last);
  }
  return all;
}
