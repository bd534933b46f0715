import { z } from "zod";
import { flag, integer, oneOf, text, timestamp, uuid } from "../http/request/request-types.ts";
import { STATE_TYPES } from "../store/tables/flow-runs.ts";

/** The filters of list requests. Unknown keys are refused, and null is the same as absent. */

export const operator = oneOf("and_", "or_").default("and_");

/** Criteria for one field. */
export function criteria<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.strictObject(shape).nullable().optional();
}

export function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).nullable().optional();
}

export function anyOf<T extends z.ZodType>(item: T) {
  return criteria({ any_: listOf(item) });
}

const time = timestamp().nullable().optional();
export const optionalFlag = flag().nullable().optional();
const idIn = criteria({ any_: listOf(uuid()), not_any_: listOf(uuid()) });
export const nameLike = criteria({ any_: listOf(text()), like_: text().nullable().optional() });
export const tagsOfAll = criteria({ operator, all_: listOf(text()), is_null_: optionalFlag });
export const tagsOfSome = criteria({ operator, all_: listOf(text()), any_: listOf(text()), is_null_: optionalFlag });
export const span = criteria({ before_: time, after_: time });
const spanOrNone = criteria({ before_: time, after_: time, is_null_: optionalFlag });

export const stateType = () => oneOf(...STATE_TYPES);

export const workPoolFilter = z
  .strictObject({ operator, id: anyOf(uuid()), name: anyOf(text()), type: anyOf(text()) })
  .meta({ id: "WorkPoolFilter" });

export const workQueueFilter = z
  .strictObject({
    operator,
    id: anyOf(uuid()),
    name: criteria({
      any_: listOf(text()),
      startswith_: listOf(text()),
    }),
  })
  .meta({ id: "WorkQueueFilter" });

const workerStatus = oneOf("ONLINE", "OFFLINE");

export const workerFilter = z
  .strictObject({
    operator,
    last_heartbeat_time: span,
    status: criteria({
      any_: listOf(workerStatus),
      not_any_: listOf(workerStatus),
    }),
  })
  .meta({ id: "WorkerFilter" });

export const variableFilter = z
  .strictObject({
    operator,
    id: anyOf(uuid()),
    name: nameLike,
    tags: tagsOfAll,
  })
  .meta({ id: "VariableFilter" });

export const flowFilter = z
  .strictObject({
    operator,
    id: idIn,
    deployment: criteria({ operator, is_null_: optionalFlag }),
    name: nameLike,
    tags: tagsOfAll,
  })
  .meta({ id: "FlowFilter" });

export const flowRunFilter = z
  .strictObject({
    operator,
    id: idIn,
    name: nameLike,
    tags: tagsOfSome,
    deployment_id: criteria({ operator, any_: listOf(uuid()), is_null_: optionalFlag }),
    work_queue_name: criteria({ operator, any_: listOf(text()), is_null_: optionalFlag }),
    state: criteria({
      operator,
      type: criteria({ any_: listOf(stateType()), not_any_: listOf(stateType()) }),
      name: criteria({ any_: listOf(text()), not_any_: listOf(text()) }),
    }),
    flow_version: anyOf(text()),
    start_time: spanOrNone,
    end_time: spanOrNone,
    expected_start_time: span,
    next_scheduled_start_time: span,
    parent_flow_run_id: criteria({ operator, any_: listOf(uuid()) }),
    parent_task_run_id: criteria({ operator, any_: listOf(uuid()), is_null_: optionalFlag }),
    idempotency_key: criteria({ any_: listOf(text()), not_any_: listOf(text()) }),
    created_by: criteria({ operator, id_: listOf(uuid()), type_: listOf(text()), is_null_: optionalFlag }),
  })
  .meta({ id: "FlowRunFilter" });

const taskRunFilter = z
  .strictObject({
    operator,
    id: anyOf(uuid()),
    name: nameLike,
    tags: tagsOfAll,
    state: criteria({ operator, type: anyOf(stateType()), name: anyOf(text()) }),
    start_time: spanOrNone,
    end_time: spanOrNone,
    expected_start_time: span,
    subflow_runs: criteria({ exists_: optionalFlag }),
    flow_run_id: criteria({ operator, any_: listOf(uuid()), is_null_: flag().nullable().default(false) }),
  })
  .meta({ id: "TaskRunFilter" });

export const deploymentFilter = z
  .strictObject({
    operator,
    id: idIn,
    name: nameLike,
    flow_or_deployment_name: criteria({ like_: text().nullable().optional() }),
    paused: criteria({ eq_: optionalFlag }),
    tags: tagsOfSome,
    work_queue_name: anyOf(text()),
    concurrency_limit: criteria({
      ge_: integer().nullable().optional(),
      le_: integer().nullable().optional(),
      is_null_: optionalFlag,
    }),
  })
  .meta({ id: "DeploymentFilter" });

/** The filters of lists of flow runs and deployments. Others take some of them. */
export const relatedFilters = {
  flows: flowFilter.optional(),
  flow_runs: flowRunFilter.optional(),
  task_runs: taskRunFilter.optional(),
  deployments: deploymentFilter.optional(),
  work_pools: workPoolFilter.optional(),
  work_pool_queues: workQueueFilter.optional(),
};
