import type { Step } from "../step.ts";

const TASK_RUN = "{uuid:taskRun}";

function list(title: string, logs: object, more: object = {}, differs?: Step["knownDifference"]): Step {
  const step: Step = { title, method: "POST", path: "/logs/filter", body: { logs, ...more } };
  return differs === undefined ? step : { ...step, knownDifference: differs };
}

const ofRun = { flow_run_id: { any_: ["{run}"] } };
const TEXT = { real: 500, ours: 200, why: "text search needs a function that SQLite has only from 3.44 on" };

export const logs: Step[] = [
  { title: "make a flow", method: "POST", path: "/flows/", body: { name: "$f" }, keep: { flow: "id" } },
  {
    title: "make a run",
    method: "POST",
    path: "/flow_runs/",
    body: { flow_id: "{flow}", name: "$a run, of its own" },
    keep: { run: "id" },
    keysOnly: "other steps compare runs",
  },
  {
    title: "write",
    method: "POST",
    path: "/logs/",
    body: [
      { name: "$a", level: 20, message: 'm1, "q"', timestamp: "2026-03-04T10:00:00.5Z", flow_run_id: "{run}" },
      {
        name: "$b",
        level: 30,
        message: "m2\nx",
        timestamp: "2026-03-04T10:00:01Z",
        flow_run_id: "{run}",
        task_run_id: TASK_RUN,
      },
      { name: "$c", level: "40", message: "without\u0000NUL", timestamp: "2026-03-04T10:00:02+01:00" },
    ],
  },
  { title: "write none", method: "POST", path: "/logs/", body: [] },
  { title: "write badly", method: "POST", path: "/logs/", body: [{ name: "$d", level: "x", message: 1, more: 1 }] },
  {
    title: "write no list",
    method: "POST",
    path: "/logs/",
    body: {},
    knownDifference: { real: 422, ours: 422, why: "theirs names a Python class" },
  },
  { title: "write nothing", method: "POST", path: "/logs/" },
  list("list of the run", ofRun),
  list("list the last one", ofRun, { sort: "TIMESTAMP_DESC", limit: 1 }),
  list("list all but the first", ofRun, { offset: 1 }),
  list("list those of no task run", { ...ofRun, task_run_id: { is_null_: true } }),
  list("list those of a task run", { task_run_id: { any_: [TASK_RUN] } }),
  list("list by level", { ...ofRun, level: { ge_: 25, le_: 35 } }),
  list("list by time", { ...ofRun, timestamp: { before_: "2026-03-04T10:00:00.500000Z" } }),
  list("list by later time", { ...ofRun, timestamp: { after_: "2026-03-04T10:00:00.500001Z" } }),
  list("list either", { operator: "or_", task_run_id: { any_: [TASK_RUN] }, flow_run_id: { any_: [] } }),
  list("list by text", { ...ofRun, text: { query: "m2 -m1" } }, {}, TEXT),
  list("list by an unknown criterion", { name: { any_: ["x"] } }),
  list("list in an unknown order", {}, { sort: "UP" }),
  { title: "download", method: "GET", path: "/flow_runs/{run}/logs/download", text: true },
  { title: "download of no run", method: "GET", path: "/flow_runs/{uuid:none}/logs/download" },
];
