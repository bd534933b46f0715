import type { Step } from "../step.ts";

const AUTOMATION = "11111111-2222-4333-8444-555555555555";
/** "Nightly ✓" */
const NAME = "TmlnaHRseSDinJM=";

const by = { "prefect-automation-id": AUTOMATION, "prefect-automation-name": NAME };

function run(title: string, headers: Record<string, string>): Step {
  return { title, method: "POST", path: "/flow_runs/", body: { flow_id: "{f}", name: "$r" }, headers, ignore: times };
}

function deploy(title: string, name: string, headers: Record<string, string>, more: Partial<Step> = {}): Step {
  return { title, method: "POST", path: "/deployments/", body: { name, flow_id: "{f}" }, headers, ...more };
}

const times = {
  members: ["estimated_start_time_delta", "estimated_run_time"],
  why: "how long something took",
};

/** What is said to be made by an automation. */
export const createdBy: Step[] = [
  { title: "a flow", method: "POST", path: "/flows/", body: { name: "$f" }, keep: { f: "id" } },
  run("a run by an automation", by),
  run("a run by an id alone", { "prefect-automation-id": AUTOMATION }),
  run("a run by a name alone", { "prefect-automation-name": NAME }),
  run("a run by an empty name", { ...by, "prefect-automation-name": "" }),
  run("a run by a name that is not encoded", { ...by, "prefect-automation-name": "a" }),
  run("a run by a name with other letters", { ...by, "prefect-automation-name": "Tm ln!aHRseQ==" }),
  run("a run by a name that is cut off", { ...by, "prefect-automation-name": "TmlnaHRseQ" }),
  run("a run by a name that goes on", { ...by, "prefect-automation-name": "TmlnaHRseQ==TmlnaHRseQ==" }),
  run("a run by a name that is no text", { ...by, "prefect-automation-name": "/w==" }),
  run("a run by a name of nothing", { ...by, "prefect-automation-name": "==" }),
  run("a run by an id that is none", { ...by, "prefect-automation-id": "x" }),
  run("a run by an empty id", { ...by, "prefect-automation-id": "" }),
  deploy("a deployment by an automation", "$d", by, { keep: { d: "id" } }),
  deploy("a deployment by nobody", "$e", {}),
  deploy("a deployment by a name that is no text", "$g", { ...by, "prefect-automation-name": "/w==" }),
  deploy("the same deployment by another automation", "$d", {
    ...by,
    "prefect-automation-id": "99999999-2222-4333-8444-555555555555",
  }),
  deploy("a deployment of nobody by an automation", "$e", by),
  { title: "read it", method: "GET", path: "/deployments/{d}" },
  deploy("the same deployment by nobody", "$d", {}),
  { title: "read it again", method: "GET", path: "/deployments/{d}" },
  {
    title: "a run of the deployment by an automation",
    method: "POST",
    path: "/deployments/{d}/create_flow_run",
    body: { name: "$r" },
    headers: by,
    ignore: times,
  },
  {
    title: "runs of the deployment by an automation",
    method: "POST",
    path: "/deployments/{d}/create_flow_run/bulk",
    body: [{ name: "$bulk" }],
    headers: by,
  },
  {
    title: "those runs",
    method: "POST",
    path: "/flow_runs/filter",
    body: { flow_runs: { name: { any_: ["$bulk"] } } },
    ignore: times,
  },
  {
    title: "runs by that automation",
    method: "POST",
    path: "/flow_runs/count",
    body: {
      flows: { id: { any_: ["{f}"] } },
      flow_runs: { created_by: { id_: [AUTOMATION], type_: ["AUTOMATION"] } },
    },
  },
];
