import type { Step } from "../step.ts";

const RUN = "{uuid:run}";

function create(title: string, body: object, keep?: string): Step {
  return { title, method: "POST", path: "/artifacts/", body, ...(keep !== undefined && { keep: { [keep]: "id" } }) };
}

function list(title: string, artifacts: object, more: object = {}, what = ""): Step {
  return { title, method: "POST", path: `/artifacts/${what}filter`, body: { artifacts, ...more } };
}

const own = { key: { like_: "$" } };

export const artifacts: Step[] = [
  create(
    "create",
    { key: "$a", type: "markdown", description: "d", data: { a: [1, null] }, metadata_: { x: "y" } },
    "first",
  ),
  create("create another of the key", { key: "$a", type: "table", data: "text" }, "second"),
  create("create one without a key", { type: "x" }, "keyless"),
  create("create one of runs that nobody knows", { key: "$b", flow_run_id: RUN, task_run_id: RUN }, "ofRun"),
  create("create with long metadata", { key: "$c", metadata_: { x: "y".repeat(501) } }, "long"),
  create("create with a bad key", { key: "A b", more: 1 }),
  create("create with bad metadata", { metadata_: { a: 1 } }),
  { title: "read", method: "GET", path: "/artifacts/{first}" },
  { title: "read nothing", method: "GET", path: "/artifacts/{uuid:none}" },
  { title: "read the latest", method: "GET", path: "/artifacts/$a/latest" },
  { title: "read the latest of no key", method: "GET", path: "/artifacts/$none/latest" },
  list("list by key", own, { sort: "KEY_ASC" }),
  list("list by type", { ...own, type: { any_: ["table", "x"] } }),
  list("list by other types", { ...own, type: { not_any_: ["table"] } }),
  list("list by run", { flow_run_id: { any_: [RUN] } }),
  list("list by a run that there is", { flow_run_id: { any_: [RUN] } }, { flow_runs: { id: { any_: [RUN] } } }),
  list("list by a task run that there is", { task_run_id: { any_: [RUN] } }, { task_runs: { id: { any_: [RUN] } } }),
  list("list in an unknown order", {}, { sort: "UP" }),
  list("list by an unknown criterion", { bad: 1 }),
  { title: "count", method: "POST", path: "/artifacts/count", body: { artifacts: own } },
  list("list the latest", own, { sort: "KEY_DESC" }, "latest/"),
  list("list the latest by id", { latest_id: { any_: ["{first}"] } }, {}, "latest/"),
  { title: "count the latest", method: "POST", path: "/artifacts/latest/count", body: { artifacts: own } },
  {
    title: "change",
    method: "PATCH",
    path: "/artifacts/{second}",
    body: { data: { b: 1 }, description: "new", metadata_: null },
  },
  { title: "read the changed", method: "GET", path: "/artifacts/{second}" },
  { title: "read the changed as the latest", method: "GET", path: "/artifacts/$a/latest" },
  { title: "change what can't be changed", method: "PATCH", path: "/artifacts/{second}", body: { type: "x" } },
  { title: "change nothing that exists", method: "PATCH", path: "/artifacts/{uuid:none}", body: { data: 1 } },
  { title: "delete the latest", method: "DELETE", path: "/artifacts/{second}" },
  { title: "read the one before", method: "GET", path: "/artifacts/$a/latest" },
  list("list the one before", { key: { any_: ["$a"] } }, {}, "latest/"),
  { title: "delete the last of a key", method: "DELETE", path: "/artifacts/{first}" },
  { title: "read nothing of the key", method: "GET", path: "/artifacts/$a/latest" },
  { title: "delete again", method: "DELETE", path: "/artifacts/{first}" },
  { title: "delete the keyless", method: "DELETE", path: "/artifacts/{keyless}" },
  { title: "delete the run's", method: "DELETE", path: "/artifacts/{ofRun}" },
  { title: "delete the long", method: "DELETE", path: "/artifacts/{long}" },
];

export const savedSearches: Step[] = [
  {
    title: "save",
    method: "PUT",
    path: "/saved_searches/",
    body: { name: "$s", filters: [{ object: "flow", property: "name", type: "x", operation: "equals", value: "v" }] },
    keep: { search: "id" },
  },
  { title: "save again", method: "PUT", path: "/saved_searches/", body: { name: "$s", filters: [] } },
  { title: "save badly", method: "PUT", path: "/saved_searches/", body: { filters: [{ object: "flow" }], more: 1 } },
  { title: "read", method: "GET", path: "/saved_searches/{search}" },
  { title: "list", method: "POST", path: "/saved_searches/filter", body: {} },
  { title: "delete", method: "DELETE", path: "/saved_searches/{search}" },
  { title: "delete again", method: "DELETE", path: "/saved_searches/{search}" },
  { title: "read nothing", method: "GET", path: "/saved_searches/{search}" },
];
