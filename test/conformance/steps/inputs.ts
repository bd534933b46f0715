import type { Step } from "../step.ts";
import { create, set } from "./flow-runs.ts";
import { rolling } from "./transitions.ts";

const NONE = "00000000-0000-4000-8000-000000000000";

function made(title: string, artifact: object): Step {
  return { title, method: "POST", path: "/artifacts/", body: { flow_run_id: "{run}", ...artifact } };
}

export const inputs: Step[] = [
  { title: "create a flow", method: "POST", path: "/flows/", body: { name: "$runs-flow" }, keep: { flow: "id" } },
  create("create a run", "run", { state: { type: "RUNNING" } }),
  { title: "give input", method: "POST", path: "/flow_runs/{run}/input", body: { key: "a-1", value: '"x"' } },
  { title: "give more", method: "POST", path: "/flow_runs/{run}/input", body: { key: "a-2", value: "y", sender: "s" } },
  { title: "give it again", method: "POST", path: "/flow_runs/{run}/input", body: { key: "a-2", value: "z" } },
  {
    title: "give it a key that is none",
    method: "POST",
    path: "/flow_runs/{run}/input",
    body: { key: "A b", value: "z" },
    knownDifference: { real: 500, ours: 422, why: "theirs fails" },
  },
  { title: "give it to nothing", method: "POST", path: `/flow_runs/${NONE}/input`, body: { key: "a", value: "z" } },
  { title: "give nothing", method: "POST", path: "/flow_runs/{run}/input", body: {} },
  { title: "read input", method: "GET", path: "/flow_runs/{run}/input/a-1" },
  { title: "read no input", method: "GET", path: "/flow_runs/{run}/input/b" },
  { title: "list one", method: "POST", path: "/flow_runs/{run}/input/filter", body: { prefix: "a-" } },
  { title: "list more", method: "POST", path: "/flow_runs/{run}/input/filter", body: { prefix: "a-", limit: 5 } },
  {
    title: "list but one",
    method: "POST",
    path: "/flow_runs/{run}/input/filter",
    body: { prefix: "a", limit: 5, exclude_keys: ["a-1"] },
  },
  { title: "list without a prefix", method: "POST", path: "/flow_runs/{run}/input/filter", body: {} },
  { title: "delete input", method: "DELETE", path: "/flow_runs/{run}/input/a-1" },
  { title: "delete it again", method: "DELETE", path: "/flow_runs/{run}/input/a-1" },
  {
    title: "ask for input",
    method: "POST",
    path: "/flow_runs/{run}/input",
    body: { key: "schema", value: '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}' },
  },
  set("pause for it", "run", {
    type: "PAUSED",
    state_details: {
      pause_key: "1",
      run_input_keyset: { description: "description", response: "response", schema: "schema" },
    },
  }),
  {
    title: "resume without it",
    method: "POST",
    path: "/flow_runs/{run}/resume",
    body: {},
    ignore: { members: ["reason"], why: "another validator" },
  },
  {
    title: "resume with a bad one",
    method: "POST",
    path: "/flow_runs/{run}/resume",
    body: { run_input: { n: "x" } },
    ignore: { members: ["reason"], why: "another validator" },
  },
  { title: "resume with it", method: "POST", path: "/flow_runs/{run}/resume", body: { run_input: { n: 5 } } },
  { title: "read the response", method: "GET", path: "/flow_runs/{run}/input/response" },
  { title: "the graph", method: "GET", path: "/flow_runs/{run}/graph-v2" },
  { title: "the graph of nothing", method: "GET", path: `/flow_runs/${NONE}/graph-v2` },
  { title: "the old graph", method: "GET", path: "/flow_runs/{run}/graph" },
  {
    title: "a task run",
    method: "POST",
    path: "/task_runs/",
    body: { flow_run_id: "{run}", task_key: "t", dynamic_key: "1", name: "$t", state: { type: "RUNNING" } },
    keep: { task: "id" },
    ignore: rolling,
  },
  {
    title: "another one, called by it and fed by it twice",
    method: "POST",
    path: "/task_runs/",
    body: {
      flow_run_id: "{run}",
      task_key: "u",
      dynamic_key: "1",
      name: "$u",
      task_inputs: {
        p: [{ input_type: "task_run", id: "{task}" }],
        q: [{ input_type: "task_run", id: "{task}" }],
        __parents__: [
          { input_type: "task_run", id: "{task}" },
          { input_type: "task_run", id: "{task}" },
        ],
      },
    },
    ignore: rolling,
  },
  made("what the run made", { key: "$a", type: "markdown", data: "old" }),
  made("what it made later", { key: "$a", type: "progress", data: 50 }),
  made("what it made without a key", { type: "table", data: [] }),
  made("what it made of no type", { key: "$b" }),
  made("what it resulted in", { type: "result", data: {} }),
  made("what its task run made", { key: "$c", type: "link", task_run_id: "{task}" }),
  { title: "the graph of what was made", method: "GET", path: "/flow_runs/{run}/graph-v2" },
];
