import { lockWorkPool } from "../../store/queries/work-pools/work-pools.ts";
import { queuesOfPool, type WorkQueue } from "../../store/queries/work-pools/work-queues.ts";
import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import { toJson } from "../../values/json.ts";
import type { Context } from "../context.ts";
import { retryOnDuplicate } from "../duplicates.ts";
import { transaction } from "../transaction.ts";
import { addWorkPool, isReserved, writeWorkPool } from "./work-pools.ts";
import { keepAlive, type LiveWorker } from "./workers.ts";

/** A worker's first message on its channel. */
export interface WorkerHello extends LiveWorker {
  type: string;
  /** Empty: all queues of the pool. */
  queueNames: readonly string[];
  createPool: boolean;
  /** The worker's template, for a pool without one. Null: invalid. */
  template: object | null;
}

/** Why a worker is refused. */
export type RefusalReason = "no pool" | "no queue" | "reserved name" | "bad template";

export class WorkerRefused extends Error {
  override readonly name = "WorkerRefused";
  readonly refusal: RefusalReason;

  constructor(refusal: RefusalReason) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** Admits a worker to a pool: creates the pool if it asks for that, sets the worker's template if the pool has none, and records a
 *  heartbeat. Throws: WorkerRefused. Source: prefect/server/api/workers.py, _build_worker_ready_frame. */
export async function admitWorker(context: Context, poolName: string, hello: WorkerHello): Promise<Admitted> {
  // Another worker may create the pool at the same time.
  return retryOnDuplicate(() => admit(context, poolName, hello));
}

export interface Admitted {
  pool: WorkPoolRow;
  queues: WorkQueue[];
}

async function admit(outer: Context, poolName: string, hello: WorkerHello): Promise<Admitted> {
  return transaction(outer, async (context, tx) => {
    let pool = await lockWorkPool(tx, poolName);
    if (pool === undefined) {
      if (!hello.createPool) throw new WorkerRefused("no pool");
      if (isReserved(poolName)) throw new WorkerRefused("reserved name");
      pool = await addWorkPool(context, tx, {
        ...NEW_POOL,
        name: poolName,
        type: hello.type,
        base_job_template: template(hello),
      });
    } else if (pool.base_job_template === "{}" && !isEmpty(hello.template)) {
      const base_job_template = toJson(template(hello));
      pool = await writeWorkPool(context, tx, pool, { base_job_template, updated: context.clock.now() });
    }
    const queues = await queuesOfPool(tx, pool.id);
    const named = [...new Set(hello.queueNames)].map((name) => queues.find((queue) => queue.name === name));
    if (named.includes(undefined)) throw new WorkerRefused("no queue");
    return {
      pool: await keepAlive(context, tx, pool, hello),
      queues: named.length === 0 ? queues : (named as WorkQueue[]),
    };
  });
}

const NEW_POOL = {
  description: null,
  is_paused: false,
  concurrency_limit: null,
  storage_configuration: {
    bundle_upload_step: null,
    bundle_execution_step: null,
    default_result_storage_block_id: null,
  },
};

function template({ template }: WorkerHello): object {
  if (template === null) throw new WorkerRefused("bad template");
  return template;
}

function isEmpty(document: object | null): boolean {
  return document !== null && Object.keys(document).length === 0;
}
