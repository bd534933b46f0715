import type { Step } from "../step.ts";

const NOWHERE = "00000000-0000-4000-8000-000000000000";

const template = {
  job_configuration: { command: "{{ command }}" },
  variables: { properties: { command: { type: "string" }, cpu: { type: "integer" } }, required: ["command"] },
};

const times = {
  members: ["estimated_start_time_delta", "estimated_run_time"],
  why: "how long something took",
};

function run(title: string, body: object, step: Partial<Step> = {}): Step {
  return { title, method: "POST", path: "/deployments/{d}/create_flow_run", body, ignore: times, ...step };
}

export const deploymentRuns: Step[] = [
  { title: "a flow", method: "POST", path: "/flows/", body: { name: "$f", labels: { team: "x" } }, keep: { f: "id" } },
  {
    title: "a pool",
    method: "POST",
    path: "/work_pools/",
    body: { name: "$t", type: "process", base_job_template: template },
  },
  {
    title: "a deployment",
    method: "POST",
    path: "/deployments/",
    body: {
      name: "$d",
      flow_id: "{f}",
      tags: ["t"],
      labels: { l: 1 },
      version: "7",
      parameters: { a: 1, b: 2 },
      parameter_openapi_schema: { type: "object", properties: { a: { type: "integer" } }, required: ["a"] },
    },
    keep: { d: "id" },
  },
  run("run it", { name: "$1" }),
  run("run it with everything", {
    name: "$2",
    state: { type: "SCHEDULED", name: "Soon", state_details: { scheduled_time: "2030-01-01T00:00:00Z" } },
    parameters: { b: 3, c: { __prefect_kind: "json", value: "4" } },
    context: { x: 1 },
    tags: ["t"],
    idempotency_key: "$key",
    labels: { m: "n" },
    job_variables: { anything: 1 },
    empirical_policy: { retries: 2, retry_delay: 3 },
    enforce_parameter_schema: true,
  }),
  run("run it with the same key", { name: "$3", idempotency_key: "$key" }),
  run("run it in another state", { name: "$4", state: { type: "PENDING", message: "m" }, job_variables: null }),
  run("run it with bad parameters", { name: "$x", parameters: { a: "x" } }),
  run("run it with unchecked parameters", { name: "$5", parameters: { a: "x" }, enforce_parameter_schema: false }),
  run("run it with a stand-in for nothing", { name: "$x", parameters: { a: { __prefect_kind: "none" } } }),
  run("run it on a queue without a pool", { name: "$x", work_queue_name: "$q" }),
  run(
    "run it with wrong types",
    {
      state: {},
      parameters: [],
      context: 1,
      tags: "x",
      labels: { a: [] },
      job_variables: 1,
      parent_task_run_id: "x",
      more: 1,
    },
    { keysOnly: "theirs has a complaint for each type that a label might have" },
  ),
  run("run it below an unknown task run", { name: "$x", parent_task_run_id: NOWHERE }),
  run("run none", {}, { path: `/deployments/${NOWHERE}/create_flow_run` }),
  {
    title: "take the pool",
    method: "PATCH",
    path: "/deployments/{d}",
    body: { work_pool_name: "$t", job_variables: { cpu: 1 } },
  },
  run("run it without what the pool requires", { name: "$x" }),
  run("run it with what the pool requires", { name: "$6", job_variables: { command: "c" } }),
  run("run it with what the pool refuses", { name: "$x", job_variables: { command: "c", cpu: "x" } }),
  run("run it on a new queue", { name: "$7", job_variables: { command: "c" }, work_queue_name: "$q" }),
  { title: "the queue was made", method: "GET", path: "/work_pools/$t/queues/$q" },
  {
    title: "run it often",
    method: "POST",
    path: "/deployments/{d}/create_flow_run/bulk",
    body: [
      { name: "$8", job_variables: { command: "c" } },
      { name: "$x" },
      { name: "$9", job_variables: { command: "c" } },
    ],
    ignore: { members: ["error"], why: "one of them comes without the words about what was being done" },
  },
  { title: "run it not at all", method: "POST", path: "/deployments/{d}/create_flow_run/bulk", body: [] },
  {
    title: "run it too often",
    method: "POST",
    path: "/deployments/{d}/create_flow_run/bulk",
    body: Array.from({ length: 101 }, () => ({})),
    keysOnly: "the complaint is long",
  },
  { title: "run none often", method: "POST", path: `/deployments/${NOWHERE}/create_flow_run/bulk`, body: [] },
  {
    title: "ask for what is due",
    method: "POST",
    path: "/deployments/get_scheduled_flow_runs",
    body: { deployment_ids: ["{d}"], scheduled_before: "2027-01-01T00:00:00Z" },
    ignore: times,
  },
  {
    title: "ask for the first that is due",
    method: "POST",
    path: "/deployments/get_scheduled_flow_runs",
    body: { deployment_ids: ["{d}"], limit: 1 },
    ignore: times,
  },
  {
    title: "ask for nothing",
    method: "POST",
    path: "/deployments/get_scheduled_flow_runs",
    body: { deployment_ids: [] },
  },
  {
    title: "who was asked for is ready",
    method: "GET",
    path: "/deployments/{d}",
    eventually: { member: "status", value: "READY" },
  },
  { title: "ask for no one", method: "POST", path: "/deployments/get_scheduled_flow_runs", body: {} },
  {
    title: "ask for too much",
    method: "POST",
    path: "/deployments/get_scheduled_flow_runs",
    body: { deployment_ids: [], limit: 201 },
  },
  ...lists(),
  {
    title: "delete by the dozen",
    method: "POST",
    path: "/deployments/bulk_delete",
    body: { deployments: { id: { any_: ["{d}"] } } },
  },
  {
    title: "delete too many",
    method: "POST",
    path: "/deployments/bulk_delete",
    body: { limit: 51, deployments: { id: { any_: [] } } },
  },
];

function lists(): Step[] {
  const asked: [string, object][] = [
    ["by id", { deployments: { id: { any_: ["{d}"] } } }],
    ["by name", { deployments: { name: { any_: ["$d"] } } }],
    ["by part of a name", { deployments: { name: { like_: "$D" } } }],
    ["by the flow's name", { deployments: { flow_or_deployment_name: { like_: "$f" } } }],
    ["by tags", { deployments: { id: { any_: ["{d}"] }, tags: { all_: ["t"] } } }],
    ["by missing tags", { deployments: { id: { any_: ["{d}"] }, tags: { is_null_: true } } }],
    ["by pause", { deployments: { id: { any_: ["{d}"] }, paused: { eq_: true } } }],
    ["by flow", { flows: { name: { any_: ["$f"] } } }],
    ["by run", { flow_runs: { name: { any_: ["$1"] } } }],
    ["by pool", { work_pools: { name: { any_: ["$t"] } }, sort: "CREATED_DESC" }],
    ["by queue", { work_pools: { name: { any_: ["$t"] } }, work_pool_queues: { name: { any_: ["$q"] } } }],
    ["by an unknown word", { deployments: { none: 1 } }],
    ["in an unknown order", { sort: "X" }],
  ];
  return asked.flatMap(([title, body]): Step[] => [
    { title: `list ${title}`, method: "POST", path: "/deployments/filter", body },
    ...("sort" in body ? [] : [{ title: `count ${title}`, method: "POST", path: "/deployments/count", body } as const]),
    { title: `page ${title}`, method: "POST", path: "/deployments/paginate", body: { ...body, limit: 1 } },
  ]);
}
