import { z } from "zod";
import { findDeployment } from "../../domain/deployments/find.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import type { Deployment } from "../../store/queries/deployments.ts";
import { listWorkQueues } from "../../store/queries/work-pools/work-queues.ts";
import type { WorkQueueRow } from "../../store/tables/work-pools.ts";
import { parseJson } from "../../values/json.ts";

const plainQueueView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    description: view.text,
    is_paused: view.flag,
    concurrency_limit: view.integer.nullable(),
    priority: view.integer,
    work_pool_id: view.uuid.nullable(),
    filter: view.document.nullable(),
    last_polled: view.timestamp.nullable(),
  })
  .meta({ id: "WorkQueue" });

/** Which queues' filters let the deployment pass. Filters are deprecated: hardly a queue has one, and then it lets all pass. */
export const workQueueCheckRoute = route({
  method: "GET",
  path: "/deployments/{id:uuid}/work_queue_check",
  summary: "Work Queue Check For Deployment",
  responses: { 200: z.array(plainQueueView) },
  async handle({ params }, { store, config }) {
    const deployment = await findDeployment(store.db, { id: params.id });
    const queues = await listWorkQueues(store.db, {}, { limit: config.pageLimit, offset: 0 });
    return { status: 200, body: queues.filter((queue) => passes(queue, deployment)).map(presentPlainQueue) };
  },
});

function passes({ filter }: WorkQueueRow, { id, tags }: Deployment): boolean {
  if (filter === null) return true;
  const asked = parseJson(filter) as { tags: string[] | null; deployment_ids: string[] | null };
  const own = parseJson(tags) as string[];
  const named = asked.deployment_ids ?? [];
  return (asked.tags ?? []).every((tag) => own.includes(tag)) && (named.length === 0 || named.includes(id));
}

function presentPlainQueue(queue: WorkQueueRow): z.input<typeof plainQueueView> {
  return {
    id: queue.id,
    created: queue.created,
    updated: queue.updated,
    name: queue.name,
    description: queue.description,
    is_paused: queue.is_paused === 1,
    concurrency_limit: queue.concurrency_limit,
    priority: queue.priority,
    work_pool_id: queue.work_pool_id,
    filter: queue.filter === null ? null : new JsonText(queue.filter),
    last_polled: queue.last_polled,
  };
}
