import type { Step } from "../step.ts";

const NOWHERE = "00000000-0000-4000-8000-000000000000";
const template = {
  job_configuration: { command: "{{ command }}", image: "{{ image }}" },
  variables: {
    properties: { command: { type: "string" }, image: { type: "string", default: "i" }, cpu: { type: "integer" } },
    required: ["command"],
  },
};
const schema = {
  type: "object",
  properties: { a: { type: "integer" }, b: { type: "string", default: "x" } },
  required: ["a"],
};

const world: Step[] = [
  { title: "a flow", method: "POST", path: "/flows/", body: { name: "$f", labels: { team: "x" } }, keep: { f: "id" } },
  { title: "a pool", method: "POST", path: "/work_pools/", body: { name: "$p", type: "process" } },
  {
    title: "a pool with a template",
    method: "POST",
    path: "/work_pools/",
    body: { name: "$t", type: "process", base_job_template: template },
  },
];

function create(title: string, body: object, more: Partial<Step> = {}): Step {
  return { title, method: "POST", path: "/deployments/", body: { flow_id: "{f}", ...body }, ...more };
}

function patch(title: string, body: object, more: Partial<Step> = {}): Step {
  return { title, method: "PATCH", path: "/deployments/{d}", body, ...more };
}

function read(title: string, id = "d"): Step {
  return { title, method: "GET", path: `/deployments/{${id}}` };
}

const theirColumns = "theirs takes null, and then runs into its own columns";

export const deployments: Step[] = [
  ...world,
  create("create the least", { name: "$d" }, { keep: { d: "id" } }),
  create("create the same again", { name: "$d" }),
  read("read"),
  { title: "read by name", method: "GET", path: "/deployments/name/$f/$d" },
  { title: "read none", method: "GET", path: `/deployments/${NOWHERE}` },
  { title: "read none by name", method: "GET", path: "/deployments/name/$f/$none" },
  create("fill in everything", {
    name: "$d",
    description: "D",
    version: "1",
    path: "/p",
    entrypoint: "e.py:f",
    paused: true,
    tags: ["t", "u"],
    labels: { l: 1, b: true, team: "mine" },
    parameters: { a: 1 },
    parameter_openapi_schema: schema,
    enforce_parameter_schema: true,
    job_variables: { k: 1 },
    pull_steps: [{ "prefect.deployments.steps.set_working_directory": { directory: "/" } }],
    work_pool_name: "$p",
    work_queue_name: "$q",
    concurrency_options: { collision_strategy: "ENQUEUE" },
    version_info: { type: "x", version: "1", more: 2 },
    worker_pool_name: "old",
  }),
  create("leave out what was filled in", { name: "$d" }),
  create("empty what can be emptied", { name: "$d", tags: [], job_variables: {}, description: null, labels: null }),
  { title: "the queue was made", method: "GET", path: "/work_pools/$p/queues/$q" },
  create("create with a pool only", { name: "$pool", work_pool_name: "$p" }),
  create("create with an unknown pool", { name: "$x", work_pool_name: "$none" }),
  create("create with an unknown flow", { name: "$x", flow_id: NOWHERE }),
  create(
    "create without a name",
    {},
    { ignore: { members: ["input", "request_body"], why: "theirs shows parameters that it has filled in itself" } },
  ),
  create("create with an empty name", { name: "", description: "$" }, { keep: { empty: "id" } }),
  create("create with a slash", { name: "$a/b" }, { knownDifference: { real: 500, ours: 422, why: "theirs fails" } }),
  create("create with everything null", {
    name: "$n",
    version: null,
    description: null,
    path: null,
    entrypoint: null,
    pull_steps: null,
    parameter_openapi_schema: null,
    concurrency_limit: null,
    concurrency_options: null,
    global_concurrency_limit_id: null,
    work_pool_name: null,
    work_queue_name: null,
    storage_document_id: null,
    infrastructure_document_id: null,
    version_info: null,
    labels: null,
  }),
  create("create with nulls that mean nothing", {
    name: null,
    flow_id: null,
    paused: null,
    schedules: null,
    tags: null,
    parameters: null,
    job_variables: null,
    enforce_parameter_schema: null,
  }),
  create("create with everything wrong", {
    name: 1,
    paused: "x",
    schedules: {},
    concurrency_limit: 0,
    concurrency_options: { collision_strategy: "X", grace_period_seconds: 1 },
    global_concurrency_limit_id: "x",
    tags: [1],
    parameters: [],
    pull_steps: [1],
    version_info: {},
    zzz: 1,
  }),
  create("create with an empty schema", { name: "$n", parameter_openapi_schema: {} }),
  create("create with parameters that fit not", {
    name: "$x",
    enforce_parameter_schema: true,
    parameter_openapi_schema: schema,
    parameters: { a: "x" },
  }),
  create("create with a schema that is none", {
    name: "$x",
    enforce_parameter_schema: true,
    parameter_openapi_schema: { type: "nonsense" },
  }),
  create("create with parameters that nobody checks", {
    name: "$n",
    parameter_openapi_schema: schema,
    parameters: { a: "x" },
  }),
  create("create with unknown blocks", { name: "$x", storage_document_id: NOWHERE }),
  create("create with an unknown infrastructure", { name: "$x", infrastructure_document_id: NOWHERE }),
  create("create with job variables that fit", {
    name: "$v",
    work_pool_name: "$t",
    job_variables: { cpu: 1, more: 2 },
  }),
  create("create with job variables that fit not", { name: "$v", work_pool_name: "$t", job_variables: { cpu: "x" } }),
  { title: "delete none", method: "DELETE", path: `/deployments/${NOWHERE}` },
  { title: "delete the one with the empty name", method: "DELETE", path: "/deployments/{empty}" },
  { title: "delete", method: "DELETE", path: "/deployments/{d}" },
  { title: "delete again", method: "DELETE", path: "/deployments/{d}" },
];

export const deploymentChanges: Step[] = [
  ...world,
  create("create", { name: "$d", tags: ["t"], parameters: { a: 1 }, job_variables: { k: 1 } }, { keep: { d: "id" } }),
  patch("change nothing", {}),
  patch("change what is text", { version: "2", description: "D", path: "/p", entrypoint: "e" }),
  patch("change the rest", {
    paused: true,
    tags: ["u"],
    parameters: { b: "y" },
    job_variables: { l: 2 },
    pull_steps: [{ x: {} }],
    concurrency_options: { collision_strategy: "CANCEL_NEW", grace_period_seconds: 60 },
    enforce_parameter_schema: false,
    version_info: { type: "x", version: "1" },
  }),
  read("read after changes"),
  patch("empty", { tags: [], parameters: {}, job_variables: {}, pull_steps: [] }),
  read("read after emptying"),
  patch("null what may be null", {
    version: null,
    description: null,
    path: null,
    entrypoint: null,
    pull_steps: null,
    parameter_openapi_schema: null,
    concurrency_options: null,
    job_variables: null,
    work_queue_name: null,
    storage_document_id: null,
    infrastructure_document_id: null,
    version_info: null,
  }),
  read("read after nulls"),
  patch("null flags and lists", { paused: null, schedules: null, tags: null }),
  patch("null parameters", { parameters: null }, { knownDifference: { real: 409, ours: 422, why: theirColumns } }),
  patch(
    "null enforcing",
    { enforce_parameter_schema: null },
    { knownDifference: { real: 409, ours: 422, why: theirColumns } },
  ),
  patch("give what can't be changed", { name: "$e", flow_id: "{f}", labels: {} }),
  patch("give wrong types", { version: 1, tags: "x", concurrency_limit: 0, schedules: [{ slug: 1 }] }),
  patch("enforce a schema that is missing", { enforce_parameter_schema: true }),
  patch("give a schema", { parameter_openapi_schema: schema, enforce_parameter_schema: true }),
  patch("give parameters that fit not", { parameters: { a: "x" } }),
  patch("give fewer parameters than required", { parameters: { b: "z" } }),
  patch("give an empty schema", { parameter_openapi_schema: {} }),
  read("read with the empty schema"),
  patch("take a pool", { work_pool_name: "$p" }),
  read("read in the pool"),
  patch("take a queue of the pool", { work_pool_name: "$p", work_queue_name: "$q" }),
  read("read on the queue"),
  patch(
    "take job variables that fit not",
    { work_pool_name: "$t", job_variables: { cpu: "x" } },
    {
      ignore: { members: ["detail"], why: "theirs shows how Python prints an exception" },
    },
  ),
  patch("take bad job variables without a pool", { job_variables: { cpu: "x" } }),
  patch(
    "take an unknown pool",
    { work_pool_name: "$none" },
    { knownDifference: { real: 500, ours: 404, why: "theirs fails" } },
  ),
  patch("leave the pool", { work_pool_name: null }),
  read("read out of the pool"),
  patch("hydrate", {
    parameters: {
      a: { __prefect_kind: "json", value: "[1, 2]" },
      b: { __prefect_kind: "none", value: { __prefect_kind: "json", value: "3" } },
      c: { __prefect_kind: "json" },
      d: { __prefect_kind: "workspace_variable" },
      e: { __prefect_kind: "jinja", template: "plain {# no #}{{ nothing }}{{ 'text' }}\n" },
      f: [{ __prefect_kind: "json" }, { __prefect_kind: "unknown", value: 1 }, { __prefect_kind: "unknown" }],
    },
    enforce_parameter_schema: false,
  }),
  read("read hydrated"),
  patch("hydrate without a value", { parameters: { a: { __prefect_kind: "none" } } }),
  ...[
    "plain {# text #} as it is\n",
    "{{ a.b['c'] }}{{ 'x' ~ 1 ~ none ~ true }}|{# no #}\n",
    "{%- raw -%} {{ a }} {%- endraw -%} b",
  ].flatMap((template) => [
    patch(`render ${template}`, { parameters: { a: { __prefect_kind: "jinja", template } } }),
    read(`read rendered ${template}`),
  ]),
  patch("hydrate a broken template", { parameters: { a: { __prefect_kind: "jinja", template: "{% if a %}" } } }),
  patch("hydrate too many loops", {
    parameters: { a: { __prefect_kind: "jinja", template: "{% for a in b %}{% endfor %}".repeat(11) } },
  }),
  patch("hydrate without a template", { parameters: { a: { __prefect_kind: "jinja" } } }),
  patch("hydrate an unknown variable", {
    parameters: { a: { __prefect_kind: "workspace_variable", variable_name: "cmp-none" } },
  }),
  patch(
    "hydrate bad JSON",
    { parameters: { a: { __prefect_kind: "json", value: "{" } } },
    {
      ignore: { members: ["detail"], why: "Python's words about JSON" },
    },
  ),
  { title: "a variable", method: "POST", path: "/variables/", body: { name: "$v", value: { x: [1] } } },
  patch("hydrate a variable", { parameters: { a: { __prefect_kind: "workspace_variable", variable_name: "$v" } } }),
  read("read with the variable"),
  { title: "pause", method: "POST", path: "/deployments/{d}/pause_deployment" },
  read("read paused"),
  { title: "resume", method: "POST", path: "/deployments/{d}/resume_deployment" },
  read("read resumed"),
  { title: "pause none", method: "POST", path: `/deployments/${NOWHERE}/pause_deployment` },
  { title: "resume none", method: "POST", path: `/deployments/${NOWHERE}/resume_deployment` },
  { title: "schedule none", method: "POST", path: `/deployments/${NOWHERE}/schedule`, body: {} },
  { title: "change none", method: "PATCH", path: `/deployments/${NOWHERE}`, body: {} },
  { title: "check its queues", method: "GET", path: "/deployments/{d}/work_queue_check" },
  { title: "check the queues of none", method: "GET", path: `/deployments/${NOWHERE}/work_queue_check` },
  { title: "delete", method: "DELETE", path: "/deployments/{d}" },
];

const limit = { method: "GET", path: "/v2/concurrency_limits/{l}" } as const;

export const deploymentLimits: Step[] = [
  ...world,
  {
    title: "a limit",
    method: "POST",
    path: "/v2/concurrency_limits/",
    body: { name: "$l", limit: 5 },
    keep: { l: "id" },
  },
  create("create with a limit of its own", { name: "$d", concurrency_limit: 2 }, { keep: { d: "id" } }),
  { title: "the limit was made", method: "GET", path: "/v2/concurrency_limits/deployment:{d}" },
  patch("raise it", { concurrency_limit: 3 }),
  read("read raised"),
  patch("take the limit away", { concurrency_limit: null }),
  read("read without"),
  { title: "the limit is gone", method: "GET", path: "/v2/concurrency_limits/deployment:{d}" },
  patch("give it one again", { concurrency_limit: 1 }),
  read("read with one again"),
  patch("share a limit", { global_concurrency_limit_id: "{l}" }),
  read("read sharing"),
  patch("raise the shared limit", { concurrency_limit: 7 }),
  { title: "the shared limit is higher", ...limit },
  patch("ask for both", { concurrency_limit: 1, global_concurrency_limit_id: "{l}" }),
  patch("share an unknown limit", { global_concurrency_limit_id: NOWHERE }),
  create("ask for both at once", { name: "$e", concurrency_limit: 1, global_concurrency_limit_id: "{l}" }),
  create("create with an unknown limit", { name: "$e", global_concurrency_limit_id: NOWHERE }),
  create("create sharing", { name: "$e", global_concurrency_limit_id: "{l}" }, { keep: { e: "id" } }),
  patch("share no more", { global_concurrency_limit_id: null }),
  read("read sharing no more"),
  { title: "the shared limit is still there", ...limit },
  { title: "delete who shares", method: "DELETE", path: "/deployments/{e}" },
  { title: "the shared limit is gone", ...limit },
  { title: "delete", method: "DELETE", path: "/deployments/{d}" },
];
