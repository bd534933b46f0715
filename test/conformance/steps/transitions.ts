import type { Step } from "../step.ts";

/** Every state to every state: as a client asks and forced, with what the run keeps of it. */

const STATES = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "PAUSED",
  "CANCELLING",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
] as const;

export const rolling = {
  members: ["total_run_time", "estimated_run_time", "estimated_start_time_delta", "created", "updated", "pause_keys"],
  why: "they depend on when it was asked; the keys of pauses have no order, and some are made up",
};

const elsewhere = {
  members: [
    ...rolling.members,
    ...["state", "labels", "context", "parameters", "tags", "created_by", "flow_id", "flow_version", "job_variables"],
    ...["deployment_id", "deployment_version", "idempotency_key", "infrastructure_document_id", "infrastructure_pid"],
    ...["parent_task_run_id", "work_pool_id", "work_pool_name", "work_queue_id", "work_queue_name", "auto_scheduled"],
  ],
  why: `${rolling.why}; and what a state does not change is compared elsewhere`,
};

function pair(from: string, to: string, force: boolean): Step[] {
  const title = `${from} to ${to}${force ? ", forced" : ""}`;
  return [
    {
      title: `${title}: start`,
      method: "POST",
      path: "/flow_runs/",
      body: { flow_id: "{flow}", name: "$run", state: { type: from } },
      keep: { run: "id" },
      keysOnly: "the same each time",
    },
    { title, method: "POST", path: "/flow_runs/{run}/set_state", body: { state: { type: to }, force } },
    { title: `${title}: run`, method: "GET", path: "/flow_runs/{run}", ignore: elsewhere },
  ];
}

export const transitions: Step[] = [
  { title: "create a flow", method: "POST", path: "/flows/", body: { name: "$transitions" }, keep: { flow: "id" } },
  ...STATES.flatMap((from) => STATES.flatMap((to) => pair(from, to, false))),
  ...(["SCHEDULED", "PAUSED", "COMPLETED"] as const).flatMap((from) => STATES.flatMap((to) => pair(from, to, true))),
];
