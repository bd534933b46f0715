import type { WorkQueue } from "../../store/queries/work-pools/work-queues.ts";
import type { DeploymentRow } from "../../store/tables/deployments.ts";
import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import { parseJson } from "../../values/json.ts";
import type { BeforeAndAfter } from "../changes.ts";
import type { Labels } from "../events/event.ts";
import type { Relations } from "./relations.ts";

/** An event about an object, without id and time. Source: prefect/server/models/events.py. */
export interface ObjectEvent {
  event: string;
  resource: Labels;
  related: Labels[];
  payload: Record<string, unknown>;
}

/** A kind of object: its labels in events, and the columns whose changes are reported. */
interface Kind<Row extends object> {
  name: string;
  resource(row: Row): Labels;
  /** The same when its status changes. */
  statusResource(row: Row): Labels;
  related(row: Row, what: "made" | "updated" | "status", relations: Relations): Labels[];
  status(row: Row): string | null;
  /** The status at creation is an event, too. */
  firstStatusIsEvent: boolean;
  /** Column -> name in the payload. JSON columns are parsed. */
  columns: Partial<Record<keyof Row & string, { as?: string; json?: boolean; flag?: boolean }>>;
}

const pools: Kind<WorkPoolRow> = {
  name: "work-pool",
  resource: (pool) => ({ ...poolLabels(pool), "prefect.resource.role": "work-pool" }),
  statusResource: poolLabels,
  related: (pool, what) => (what === "made" ? poolParts(pool) : []),
  status: (pool) => pool.status,
  firstStatusIsEvent: true,
  columns: {
    description: {},
    base_job_template: { json: true },
    concurrency_limit: {},
    storage_configuration: { json: true },
  },
};

const queues: Kind<WorkQueue> = {
  name: "work-queue",
  resource: queueLabels,
  statusResource: queueLabels,
  related: (queue, _, relations) => poolRelated(relations, queue.work_pool_id),
  status: (queue) => queue.status,
  firstStatusIsEvent: false,
  columns: { name: {}, description: {}, concurrency_limit: {}, priority: {} },
};

const deployments: Kind<DeploymentRow> = {
  name: "deployment",
  resource: deploymentLabels,
  statusResource: deploymentLabels,
  related: (deployment, _, relations) => deploymentParts(deployment, relations),
  status: (deployment) => deployment.status,
  firstStatusIsEvent: false,
  columns: {
    description: {},
    tags: { json: true },
    parameters: { json: true },
    parameter_openapi_schema: { json: true },
    enforce_parameter_schema: { flag: true },
    entrypoint: {},
    path: {},
    pull_steps: { json: true },
    work_queue_id: {},
    job_variables: { as: "infra_overrides", json: true },
    paused: { flag: true },
    labels: { json: true },
    version: {},
    concurrency_limit_id: {},
    concurrency_options: { json: true },
  },
};

export function poolEvents(object: BeforeAndAfter<WorkPoolRow>, relations: Relations): ObjectEvent[] {
  return eventsOf(pools, object, relations);
}

export function queueEvents(object: BeforeAndAfter<WorkQueue>, relations: Relations): ObjectEvent[] {
  return eventsOf(queues, object, relations);
}

export function deploymentEvents(object: BeforeAndAfter<DeploymentRow>, relations: Relations): ObjectEvent[] {
  return eventsOf(deployments, object, relations);
}

function eventsOf<Row extends object>(
  kind: Kind<Row>,
  object: BeforeAndAfter<Row>,
  relations: Relations,
): ObjectEvent[] {
  const { before, after } = object;
  const row = (after ?? before) as Row;
  const event = (word: string, payload: Record<string, unknown> = {}): ObjectEvent => ({
    event: `prefect.${kind.name}.${word}`,
    resource: kind.resource(row),
    related: kind.related(row, word === "updated" ? "updated" : "made", relations),
    payload,
  });
  if (after === null) return [event("deleted")];
  const events: ObjectEvent[] = [];
  if (before === null) events.push(event("created"));
  else {
    const updates = differences(kind, before, after);
    const updated_fields = Object.keys(updates);
    if (updated_fields.length > 0) events.push(event("updated", { updated_fields, updates }));
  }
  const status = kind.status(after);
  const statusChanged = before === null ? kind.firstStatusIsEvent : kind.status(before) !== status;
  if (statusChanged && status !== null) {
    events.push({
      event: `prefect.${kind.name}.${status.toLowerCase().replaceAll("_", "-")}`,
      resource: kind.statusResource(after),
      related: kind.related(after, "status", relations),
      payload: {},
    });
  }
  return events;
}

function differences<Row extends object>(
  kind: Kind<Row>,
  before: Row,
  after: Row,
): Record<string, { from: unknown; to: unknown }> {
  const updates: Record<string, { from: unknown; to: unknown }> = {};
  for (const column of Object.keys(kind.columns) as (keyof Row & string)[]) {
    if (before[column] === after[column]) continue;
    const { as = column, json = false, flag = false } = kind.columns[column] ?? {};
    const shown = (value: unknown): unknown => {
      if (flag) return value === 1;
      return json && typeof value === "string" ? parseJson(value) : value;
    };
    updates[as] = { from: shown(before[column]), to: shown(after[column]) };
  }
  return updates;
}

function poolLabels({ id, name, type }: Pick<WorkPoolRow, "id" | "name" | "type">): Labels {
  return {
    "prefect.resource.id": `prefect.work-pool.${id}`,
    "prefect.resource.name": name,
    "prefect.work-pool.type": type,
  };
}

function poolParts(pool: WorkPoolRow): Labels[] {
  const related = [roleOnly(`prefect.work-queue.${pool.default_queue_id}`, "default-queue")];
  const storage = parseJson(pool.storage_configuration) as { default_result_storage_block_id?: string | null };
  const block = storage.default_result_storage_block_id;
  if (block) related.push(roleOnly(`prefect.block-document.${block}`, "result-storage"));
  return related;
}

function queueLabels({ id, name }: Pick<WorkQueue, "id" | "name">): Labels {
  return {
    "prefect.resource.id": `prefect.work-queue.${id}`,
    "prefect.resource.name": name,
    "prefect.resource.role": "work-queue",
  };
}

function poolRelated(relations: Relations, id: string | undefined): Labels[] {
  const pool = relations.pools.get(id ?? "");
  return pool === undefined ? [] : [{ ...poolLabels(pool), "prefect.resource.role": "work-pool" }];
}

function deploymentLabels({ id, name }: DeploymentRow): Labels {
  return { "prefect.resource.id": `prefect.deployment.${id}`, "prefect.resource.name": name };
}

function deploymentParts(deployment: DeploymentRow, relations: Relations): Labels[] {
  const related: Labels[] = [];
  const flow = relations.flows.get(deployment.flow_id);
  if (flow !== undefined) {
    related.push({
      "prefect.resource.id": `prefect.flow.${flow.id}`,
      "prefect.resource.name": flow.name,
      "prefect.resource.role": "flow",
    });
  }
  const queue = relations.queues.get(deployment.work_queue_id ?? "");
  if (queue !== undefined) related.push(queueLabels(queue));
  related.push(...poolRelated(relations, queue?.work_pool_id));
  const { storage_document_id, infrastructure_document_id, concurrency_limit_id } = deployment;
  if (storage_document_id !== null) related.push(roleOnly(`prefect.block-document.${storage_document_id}`, "storage"));
  if (infrastructure_document_id !== null) {
    related.push(roleOnly(`prefect.block-document.${infrastructure_document_id}`, "infrastructure"));
  }
  if (concurrency_limit_id !== null) {
    related.push(roleOnly(`prefect.concurrency-limit.${concurrency_limit_id}`, "concurrency-limit"));
  }
  return related;
}

function roleOnly(id: string, role: string): Labels {
  return { "prefect.resource.id": id, "prefect.resource.role": role };
}
