import type { Step } from "../step.ts";
import { rolling } from "./transitions.ts";

const queue = (name: string, given: object): Step => ({
  title: `create queue ${name}`,
  method: "POST",
  path: "/work_pools/$polling/queues",
  body: { name, ...given },
  keep: { [name]: "id" },
});

const run = (name: string, work_queue_name: string, minute: number): Step => ({
  title: `schedule ${name}`,
  method: "POST",
  path: "/flow_runs/",
  body: {
    flow_id: "{flow}",
    name: `$${name}`,
    work_pool_name: "$polling",
    work_queue_name,
    state: {
      type: "SCHEDULED",
      state_details: { scheduled_time: `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z` },
    },
  },
  keep: { [name]: "id" },
  keysOnly: "as any run",
});

const poll = (title: string, body: object = {}): Step => ({
  title,
  method: "POST",
  path: "/work_pools/$polling/get_scheduled_flow_runs",
  body: { scheduled_before: "2026-11-21 17:44:12.552055+00:00", ...body },
  ignore: rolling,
});

const claim = (name: string): Step => ({
  title: `claim ${name}`,
  method: "POST",
  path: `/flow_runs/{${name}}/set_state`,
  body: { state: { type: "PENDING" } },
});

export const polling: Step[] = [
  { title: "create a flow", method: "POST", path: "/flows/", body: { name: "$polling" }, keep: { flow: "id" } },
  { title: "create a pool", method: "POST", path: "/work_pools/", body: { name: "$polling", type: "process" } },
  { title: "poll an empty pool", method: "POST", path: "/work_pools/$polling/get_scheduled_flow_runs" },
  queue("hi", { priority: 1, concurrency_limit: 2 }),
  queue("mid", { priority: 2 }),
  queue("lo", { priority: 3 }),
  ...[0, 1].map((n) => run(`lo${n}`, "lo", n)),
  ...[10, 11, 12].map((n) => run(`hi${n}`, "hi", n)),
  ...[20, 21].map((n) => run(`mid${n}`, "mid", n)),
  poll("all of it"),
  poll("the first three", { limit: 3 }),
  poll("nothing", { limit: 0 }),
  poll("too much", { limit: 201 }),
  poll("two queues", { work_queue_names: ["lo", "mid"] }),
  poll("a queue that is missing", { work_queue_names: ["lo", "none"] }),
  poll("until a time", { scheduled_before: "2026-01-01T00:10:00Z" }),
  poll("from a time", { scheduled_after: "2026-01-01T00:12:00Z" }),
  poll("with a bad time", { scheduled_before: "soon" }),
  { title: "limit the pool", method: "PATCH", path: "/work_pools/$polling", body: { concurrency_limit: 3 } },
  poll("a limited pool"),
  claim("hi10"),
  claim("mid20"),
  poll("a pool with one slot left"),
  {
    title: "slots of the pool",
    method: "POST",
    path: "/work_pools/$polling/concurrency_status",
    body: {},
    ignore: { members: ["time_in_current_state"], why: "time passes" },
  },
  {
    title: "slots of the pool, no runs",
    method: "POST",
    path: "/work_pools/$polling/concurrency_status",
    body: { flow_run_limit: 0, limit: 2, page: 2 },
  },
  { title: "slots of a pool that is missing", method: "POST", path: "/work_pools/$none/concurrency_status", body: {} },
  {
    title: "slots of a queue",
    method: "POST",
    path: "/work_queues/{hi}/concurrency_status",
    body: {},
    ignore: { members: ["time_in_current_state"], why: "time passes" },
  },
  {
    title: "slots of a queue that is missing",
    method: "POST",
    path: "/work_queues/00000000-0000-4000-8000-000000000000/concurrency_status",
    body: {},
  },
  { title: "read the pool", method: "GET", path: "/work_pools/$polling" },
  {
    title: "runs of a queue",
    method: "POST",
    path: "/work_queues/{lo}/get_runs",
    body: {},
    headers: { "x-prefect-ui": "true" },
    ignore: rolling,
  },
  {
    title: "runs of a limited queue",
    method: "POST",
    path: "/work_queues/{hi}/get_runs",
    body: { limit: 5 },
    ignore: rolling,
  },
  {
    title: "runs of nothing",
    method: "POST",
    path: "/work_queues/00000000-0000-4000-8000-000000000000/get_runs",
    body: {},
  },
  { title: "status of nothing", method: "GET", path: "/work_queues/00000000-0000-4000-8000-000000000000/status" },
  {
    title: "mark one late",
    method: "POST",
    path: "/flow_runs/{lo0}/set_state",
    body: { state: { type: "SCHEDULED", name: "Late", state_details: { scheduled_time: "2026-01-01T00:00:00Z" } } },
  },
  {
    title: "status of a queue with late runs",
    method: "GET",
    path: "/work_queues/{lo}/status",
    ignore: { members: ["last_polled"], why: "polls are noted later" },
  },
  { title: "pause a queue", method: "PATCH", path: "/work_pools/$polling/queues/lo", body: { is_paused: true } },
  { title: "lift the limit", method: "PATCH", path: "/work_pools/$polling", body: { concurrency_limit: null } },
  poll("a pool with a paused queue"),
  { title: "runs of a paused queue", method: "POST", path: "/work_queues/{lo}/get_runs", body: {}, ignore: rolling },
  { title: "pause the pool", method: "PATCH", path: "/work_pools/$polling", body: { is_paused: true } },
  poll("a paused pool"),
  { title: "poll nowhere", method: "POST", path: "/work_pools/$none/get_scheduled_flow_runs", body: {} },
];
