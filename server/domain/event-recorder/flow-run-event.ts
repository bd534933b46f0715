import type { FlowRun } from "../../store/queries/runs/flow-runs.ts";
import { parseJson } from "../../values/json.ts";
import { secondsBetween, type Timestamp } from "../../values/timestamp.ts";
import type { Labels, NewEvent } from "../events/event.ts";
import type { State } from "../orchestration/state.ts";
import type { RelatedIds, Relations } from "./relations.ts";

/** Longer messages are truncated: some contain whole results. */
const MOST_MESSAGE = 100_000;
/** States closer than this have `follows`, so that their order is certain. */
const TIGHT_SECONDS = 300;

export function addRelatedIds(ids: RelatedIds, run: FlowRun): void {
  ids.flows.add(run.flow_id);
  if (run.deployment_id !== null) ids.deployments.add(run.deployment_id);
  if (run.work_queue_id !== null) ids.queues.add(run.work_queue_id);
  if (run.parent_task_run_id !== null) ids.taskRuns.add(run.parent_task_run_id);
}

/** The event `prefect.flow-run.<state>`. Clients wait for it: it says that a run has ended, or is to be cancelled. Its id is the
 *  state's. Source: prefect/server/models/events.py. */
export function flowRunEvent(
  { run, before, after }: { run: FlowRun; before: State | null; after: State },
  related: readonly Labels[],
): NewEvent {
  const { id, timestamp: occurred } = after;
  const tight = before !== null && Math.abs(secondsBetween(before.timestamp, occurred)) < TIGHT_SECONDS;
  return {
    id,
    occurred,
    event: `prefect.flow-run.${after.name}`,
    resource: {
      "prefect.resource.id": `prefect.flow-run.${run.id}`,
      "prefect.resource.name": run.name,
      "prefect.run-count": String(run.run_count),
      "prefect.state-message": shortened(after.message),
      "prefect.state-name": after.name,
      "prefect.state-timestamp": withOffset(occurred),
      "prefect.state-type": after.type,
    },
    related,
    payload: {
      intended: { from: before?.type ?? null, to: after.type },
      initial_state: before === null ? null : statePayload(before),
      validated_state: statePayload(after),
    },
    follows: tight ? before.id : null,
  };
}

/** The related resources of a flow run: flow, deployment, queue, pool, the task run that stands for it, all their tags, and its creator. */
export function relatedToFlowRun(run: FlowRun, relations: Relations): Labels[] {
  const tags = new Set<string>(parseJson(run.tags) as string[]);
  const related: Labels[] = [];
  const add = (kind: string, object: { id: string; name: string; tags?: string } | undefined, more?: Labels): void => {
    if (object === undefined) return;
    for (const tag of parseJson(object.tags ?? "[]") as string[]) tags.add(tag);
    related.push({ ...labelsOf(kind, object), ...more });
  };
  const queue = relations.queues.get(run.work_queue_id ?? "");
  const pool = relations.pools.get(queue?.work_pool_id ?? "");
  add("flow", relations.flows.get(run.flow_id));
  add("deployment", relations.deployments.get(run.deployment_id ?? ""));
  add("work-queue", queue);
  add("work-pool", pool, pool && { "prefect.work-pool.type": pool.type });
  add("task-run", relations.taskRuns.get(run.parent_task_run_id ?? ""));
  for (const tag of [...tags].sort()) {
    related.push({ "prefect.resource.id": `prefect.tag.${tag}`, "prefect.resource.role": "tag" });
  }
  return [...related, ...creator(run.created_by)];
}

function labelsOf(kind: string, { id, name }: { id: string; name: string }): Labels {
  return {
    "prefect.resource.id": `prefect.${kind}.${id}`,
    "prefect.resource.role": kind,
    "prefect.resource.name": name,
  };
}

/** Only deployments and automations are reported as creators. */
function creator(json: string | null): Labels[] {
  if (json === null) return [];
  const { id, type, display_value } = parseJson(json) as { id?: string; type?: string; display_value?: string };
  const kind = type === "DEPLOYMENT" ? "deployment" : type === "AUTOMATION" ? "automation" : undefined;
  if (kind === undefined) return [];
  const labels: Labels = { "prefect.resource.id": `prefect.${kind}.${id}`, "prefect.resource.role": "creator" };
  return [display_value ? { ...labels, "prefect.resource.name": display_value } : labels];
}

/** A state in a payload. */
function statePayload(state: State): Record<string, string> {
  return {
    type: state.type,
    name: state.name,
    ...(state.message !== null && state.message !== "" && { message: shortened(state.message) }),
    ...(state.type === "PAUSED" && { pause_reschedule: String(state.state_details.pause_reschedule) }),
  };
}

function shortened(message: string | null): string {
  if (message === null || message.length <= MOST_MESSAGE) return message ?? "";
  const half = MOST_MESSAGE / 2;
  return `${message.slice(0, half)}...${message.length - MOST_MESSAGE} additional characters...${message.slice(-half)}`;
}

/** As Python prints it. */
function withOffset(timestamp: Timestamp): string {
  return timestamp.replace(/(\.000000)?Z$/, "+00:00");
}
