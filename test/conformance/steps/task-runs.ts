import type { Step } from "../step.ts";
import { rolling } from "./transitions.ts";

const NONE = "00000000-0000-4000-8000-000000000000";

const create = (title: string, run: string, given: object): Step => ({
  title,
  method: "POST",
  path: "/task_runs/",
  body: { flow_run_id: "{run}", name: `$${run}`, task_key: "t", dynamic_key: `$${run}`, ...given },
  keep: { [run]: "id" },
  ignore: rolling,
});

const set = (title: string, run: string, state: object, more: object = {}): Step => ({
  title,
  method: "POST",
  path: `/task_runs/{${run}}/set_state`,
  body: { state, ...more },
});

const read = (title: string, run: string): Step => ({
  title,
  method: "GET",
  path: `/task_runs/{${run}}`,
  ignore: rolling,
});

const list = (title: string, body: object, path = "filter"): Step => ({
  title,
  method: "POST",
  path: `/task_runs/${path}`,
  body: { flow_runs: { id: { any_: ["{run}"] } }, sort: "NAME_ASC", ...body },
  ignore: rolling,
});

const flowState = (title: string, state: object): Step => ({
  title,
  method: "POST",
  path: "/flow_runs/{run}/set_state",
  body: { state, force: true },
});

export const taskRuns: Step[] = [
  { title: "create a flow", method: "POST", path: "/flows/", body: { name: "$tasks" }, keep: { flow: "id" } },
  {
    title: "create a flow run",
    method: "POST",
    path: "/flow_runs/",
    body: { flow_id: "{flow}", name: "$run", labels: { x: 1 } },
    keep: { run: "id" },
    ignore: rolling,
  },
  create("create the least", "a", {}),
  create("create it again", "again", { dynamic_key: "$a", name: "$other" }),
  create("create with everything", "b", {
    state: { type: "SCHEDULED", state_details: { scheduled_time: "2030-01-01T00:00:00Z" } },
    cache_key: "k",
    cache_expiration: "2030-01-01T00:00:00Z",
    task_version: "1",
    empirical_policy: { retries: 1, retry_delay: [1, 2], retry_jitter_factor: 0.5 },
    tags: ["x"],
    labels: { y: 2 },
    task_inputs: {
      p: [
        { input_type: "task_run", id: NONE },
        { input_type: "parameter", name: "q" },
      ],
      c: [{ type: "int" }],
    },
  }),
  create("create without a flow run", "free", { flow_run_id: null }),
  create("create for a flow run that is missing", "no", { flow_run_id: NONE }),
  create("create without keys", "no", { task_key: null, dynamic_key: null }),
  create("create with everything wrong", "no", {
    empirical_policy: { retry_jitter_factor: -1 },
    tags: 1,
    task_inputs: { p: 1 },
    x: 1,
  }),
  read("read", "b"),
  { title: "read nothing", method: "GET", path: `/task_runs/${NONE}` },
  { title: "rename", method: "PATCH", path: "/task_runs/{a}", body: { name: "$a2" } },
  { title: "rename nothing", method: "PATCH", path: `/task_runs/${NONE}`, body: { name: "x" } },
  set("run before the flow does", "a", { type: "RUNNING" }),
  flowState("the flow runs", { type: "RUNNING" }),
  set("run", "a", { type: "RUNNING" }),
  set("run again", "a", { type: "RUNNING" }),
  set("complete", "a", { type: "COMPLETED", data: { type: "reference" }, state_details: { cache_key: "$cache" } }),
  read("read a completed run", "a"),
  set("run a completed run", "a", { type: "RUNNING" }),
  set("stop a completed run", "a", { type: "CANCELLING" }),
  create("create one to be cached", "c", {}),
  set("run what is cached", "c", { type: "RUNNING", state_details: { cache_key: "$cache" } }),
  create("create one to be retried", "r", { empirical_policy: { retries: 1, retry_delay: 60 } }),
  set("it runs", "r", { type: "RUNNING" }),
  set("it fails", "r", { type: "FAILED", message: "m" }),
  read("it waits", "r"),
  { ...set("it is too early", "r", { type: "RUNNING" }), ignore: { members: ["delay_seconds"], why: "time passes" } },
  set("it waits no longer", "r", { type: "SCHEDULED", name: "AwaitingRetry" }),
  set("it retries", "r", { type: "RUNNING" }),
  set("it fails for good", "r", { type: "FAILED" }),
  read("it has failed", "r"),
  set("it is run once more", "r", { type: "RUNNING" }),
  read("it counts anew", "r"),
  set("a failure that must not be retried", "r", { type: "FAILED", state_details: { retriable: false } }),
  flowState("the flow pauses", { type: "PAUSED", state_details: { pause_timeout: "2030-01-01T00:00:00Z" } }),
  create("create one meanwhile", "m", {}),
  set("run it while the flow is paused", "m", { type: "RUNNING" }),
  flowState("the flow runs on", { type: "RUNNING" }),

  {
    title: "close a tag",
    method: "POST",
    path: "/concurrency_limits/",
    body: { tag: "$tasks-none", concurrency_limit: 0 },
  },
  create("create one with the closed tag", "t0", { tags: ["$tasks-none"] }),
  set("run it", "t0", { type: "RUNNING" }),
  // A real server on SQLite can't take a slot of a tag: it waits for itself. test/server/routes/task-runs.test.ts has these.
  create("create one that stands for a subflow", "sub", {}),
  {
    title: "start the subflow",
    method: "POST",
    path: "/flow_runs/",
    body: { flow_id: "{flow}", name: "$child", parent_task_run_id: "{sub}", state: { type: "PENDING" } },
    keep: { child: "id" },
    ignore: rolling,
  },
  read("it follows", "sub"),
  {
    title: "the subflow runs",
    method: "POST",
    path: "/flow_runs/{child}/set_state",
    body: { state: { type: "RUNNING", message: "go" } },
  },
  read("it follows again", "sub"),
  {
    title: "find subflows",
    method: "POST",
    path: "/flow_runs/filter",
    body: { flow_runs: { parent_flow_run_id: { any_: ["{run}"] } } },
    ignore: rolling,
  },
  { title: "its states", method: "GET", path: "/task_run_states/?task_run_id={sub}" },
  { title: "states of no run", method: "GET", path: "/task_run_states/" },
  { title: "a state that is missing", method: "GET", path: `/task_run_states/${NONE}` },

  list("list", {}),
  list("list by tags", { task_runs: { tags: { all_: ["x"] } } }),
  list("list by state", { task_runs: { state: { type: { any_: ["FAILED"] } } } }),
  list("list by state name", { task_runs: { state: { name: { any_: ["Cached"] } } } }),
  list("list subflows", { task_runs: { subflow_runs: { exists_: true } } }),
  list("list others", { task_runs: { subflow_runs: { exists_: false }, name: { like_: "$T" } } }),
  list("list by start", { task_runs: { start_time: { is_null_: true } } }),
  list("list by expected start", { task_runs: { expected_start_time: { after_: "2029-01-01T00:00:00Z" } } }),
  list("list by flow run", { task_runs: { flow_run_id: { any_: ["{run}"] }, name: { any_: ["$b"] } } }),
  {
    title: "list without a flow run",
    method: "POST",
    path: "/task_runs/filter",
    body: { task_runs: { flow_run_id: { is_null_: true }, name: { like_: "$" } } },
    ignore: rolling,
  },
  {
    title: "list with a flow run",
    method: "POST",
    path: "/task_runs/count",
    body: { task_runs: { flow_run_id: {}, name: { any_: ["$free"] } } },
  },
  list("list by flow", { flows: { name: { any_: ["$tasks"] } }, limit: 2 }),
  list("count", {}, "count"),
  list("paginate", { limit: 2, page: 3 }, "paginate"),
  {
    title: "history",
    method: "POST",
    path: "/task_runs/history",
    body: {
      flow_runs: { id: { any_: ["{run}"] } },
      history_start: "2029-12-31T23:00:00Z",
      history_end: "2030-01-01T01:00:00Z",
      history_interval_seconds: 3600,
    },
  },
  set("set the state of nothing", "nothing", { type: "RUNNING" }),
  {
    title: "set the state of no run",
    method: "POST",
    path: `/task_runs/${NONE}/set_state`,
    body: { state: { type: "RUNNING" } },
  },
  { title: "delete", method: "DELETE", path: "/task_runs/{b}" },
  { title: "delete again", method: "DELETE", path: "/task_runs/{b}" },
];
