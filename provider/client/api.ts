import type { Json, JsonObject } from "../../schema/json.ts";
import type { Call } from "./calls/api-request.ts";

export type { Call };

/** The API as the provider uses it: one method is one request (lists page), in the API's own spelling. Every method may throw
 *  a PrefectError (errors.ts). `read` methods answer `undefined` for a definite 404 of the object. `remove` methods answer
 *  whether there was something to remove. Retries, limits, authentication, CSRF and time limits are inside. */
export interface PrefectApi {
  /** The API's resolved URL without user and password, for messages. */
  readonly url: string;
  readonly workPools: {
    create(body: JsonObject, call?: Call): Promise<WorkPoolAnswer>;
    read(name: string, call?: Call): Promise<WorkPoolAnswer | undefined>;
    /** By UUID: there is no route for it, so this filters. */
    readById(id: string, call?: Call): Promise<WorkPoolAnswer | undefined>;
    update(name: string, patch: JsonObject, call?: Call): Promise<void>;
    remove(name: string, call?: Call): Promise<boolean>;
  };
  readonly workQueues: {
    create(pool: string, body: JsonObject, call?: Call): Promise<WorkQueueAnswer>;
    read(pool: string, name: string, call?: Call): Promise<WorkQueueAnswer | undefined>;
    readById(id: string, call?: Call): Promise<WorkQueueAnswer | undefined>;
    /** All queues of a pool in the order of serving; `undefined` when there is no such pool. */
    listOf(pool: string, call?: Call): Promise<WorkQueueAnswer[] | undefined>;
    update(pool: string, name: string, patch: JsonObject, call?: Call): Promise<void>;
    remove(pool: string, name: string, call?: Call): Promise<boolean>;
  };
  readonly globalLimits: {
    create(body: JsonObject, call?: Call): Promise<GlobalLimitAnswer>;
    read(nameOrId: string, call?: Call): Promise<GlobalLimitAnswer | undefined>;
    update(id: string, patch: JsonObject, call?: Call): Promise<void>;
    remove(id: string, call?: Call): Promise<boolean>;
  };
  readonly tagLimits: {
    /** An upsert: `existed` says that the tag had a limit already. */
    put(tag: string, limit: number, call?: Call): Promise<{ answer: TagLimitAnswer; existed: boolean }>;
    read(tag: string, call?: Call): Promise<TagLimitAnswer | undefined>;
    readById(id: string, call?: Call): Promise<TagLimitAnswer | undefined>;
    remove(tag: string, call?: Call): Promise<boolean>;
  };
  readonly deployments: {
    /** First page of the deployments that a filter finds. */
    filter(filter: JsonObject, call?: Call): Promise<DeploymentAnswer[]>;
    /** All of them, page by page. */
    all(filter: JsonObject, call?: Call): Promise<DeploymentAnswer[]>;
    count(filter: JsonObject, call?: Call): Promise<number>;
  };
  /** The server's clock minus ours in ms, by the Date header of its latest answer (1 s resolution); `undefined` before any. */
  clockOffsetMs(): number | undefined;
  /** The server's version, asked once. Throws: PrefectError `unsupported` for a server older than the oldest supported. */
  version(call?: Call): Promise<string>;
  /** Drops connections and timers. */
  close(): Promise<void>;
}

export interface WorkPoolAnswer {
  id: string;
  created: string;
  name: string;
  type: string;
  description: string | null;
  is_paused: boolean;
  concurrency_limit: number | null;
  base_job_template: JsonObject;
  storage_configuration: JsonObject;
  default_queue_id: string;
  status: string | null;
  active_slots?: number | null;
}

export interface WorkQueueAnswer {
  id: string;
  created: string;
  name: string;
  description: string;
  is_paused: boolean;
  concurrency_limit: number | null;
  priority: number;
  work_pool_id: string | null;
  work_pool_name: string | null;
  status: string | null;
  last_polled: string | null;
}

export interface GlobalLimitAnswer {
  id: string;
  created: string;
  name: string;
  limit: number;
  active: boolean;
  slot_decay_per_second: number;
  active_slots: number;
}

export interface TagLimitAnswer {
  id: string;
  created: string;
  tag: string;
  concurrency_limit: number;
}

export interface DeploymentAnswer {
  id: string;
  name: string;
  flow_id: string;
  work_pool_name: string | null;
  work_queue_name: string | null;
  job_variables: JsonObject;
  [key: string]: Json;
}
