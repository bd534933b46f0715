import type { Step } from "../step.ts";

const trigger = {
  type: "event",
  match: { "prefect.resource.id": "prefect.flow-run.*" },
  expect: ["prefect.flow-run.Failed"],
  for_each: ["prefect.resource.id"],
  posture: "Reactive",
  threshold: 1,
  within: 0,
};

const DEPLOYMENT = "{uuid:deployment}";

const automation = {
  name: "$a",
  description: "d",
  enabled: true,
  tags: ["$t"],
  trigger,
  actions: [{ type: "run-deployment", source: "selected", deployment_id: DEPLOYMENT, parameters: null }],
};

function create(title: string, changes: object, more: Partial<Step> = {}): Step {
  return { title, method: "POST", path: "/automations/", body: { ...automation, ...changes }, ...more };
}

const compound = { type: "compound", require: "all", within: 10, triggers: [trigger] };
const proactive = { ...trigger, posture: "Proactive", within: 30, after: ["a"] };

const MANY = "theirs complains once for every kind of it";

export const automations: Step[] = [
  create("create", {}, { keep: { first: "id" } }),
  create(
    "create one that belongs to something",
    { name: "$b", trigger: compound, actions: [{ type: "do-nothing" }], owner_resource: "prefect.deployment.$d" },
    { keep: { owned: "id" } },
  ),
  create(
    "create with all kinds of actions",
    {
      name: "$c",
      trigger: { type: "sequence", within: 10, triggers: [proactive] },
      actions: [
        { type: "pause-automation", source: "inferred" },
        { type: "change-flow-run-state", state: "FAILED" },
        { type: "send-notification", block_document_id: DEPLOYMENT, body: "b" },
        { type: "call-webhook", block_document_id: DEPLOYMENT },
        { type: "pause-work-pool", source: "inferred" },
        { type: "resume-work-queue", work_queue_id: DEPLOYMENT },
        { type: "suspend-flow-run" },
        { type: "resume-flow-run" },
        { type: "delete-flow-run" },
      ],
      actions_on_trigger: [{ type: "cancel-flow-run" }],
    },
    { keep: { third: "id" } },
  ),
  create("create with an unknown action", { actions: [{ type: "nothing" }] }, { keysOnly: MANY }),
  create("create with a bad trigger", { trigger: { type: "event" } }, { keysOnly: MANY }),
  create("create with a hasty trigger", { trigger: { ...proactive, within: 5 } }, { keysOnly: MANY }),
  create("create with an action for nobody", { actions: [{ type: "pause-deployment" }] }, { keysOnly: MANY }),
  create(
    "create with a bad body",
    { actions: [{ type: "send-notification", block_document_id: DEPLOYMENT, body: "{{ a" }] },
    { keysOnly: MANY },
  ),
  create(
    "create with a bad payload",
    { actions: [{ type: "call-webhook", block_document_id: DEPLOYMENT, payload: "{% if a %}" }] },
    { keysOnly: MANY },
  ),
  create(
    "create with a template in parameters",
    {
      name: "$f",
      actions: [{ type: "run-deployment", deployment_id: DEPLOYMENT, parameters: { a: ["{{ event.id }}"] } }],
    },
    { keep: { fourth: "id" } },
  ),
  create(
    "create with a bad template in parameters",
    { actions: [{ type: "run-deployment", deployment_id: DEPLOYMENT, parameters: { a: { b: "{{ }}" } } }] },
    { keysOnly: MANY },
  ),
  create("create with more", { more: 1 }),
  { title: "create without a trigger", method: "POST", path: "/automations/", body: { name: "x" } },
  { title: "read", method: "GET", path: "/automations/{first}" },
  { title: "read nothing", method: "GET", path: "/automations/{uuid:none}" },
  { title: "list", method: "POST", path: "/automations/filter", body: { sort: "NAME_DESC" } },
  {
    title: "list by name and tag",
    method: "POST",
    path: "/automations/filter",
    body: { automations: { tags: { all_: ["$t"] }, name: { any_: ["$a"] } } },
  },
  {
    title: "list the untagged",
    method: "POST",
    path: "/automations/filter",
    body: { automations: { tags: { is_null_: true } } },
  },
  {
    title: "list what runs a deployment",
    method: "GET",
    path: `/automations/related-to/prefect.deployment.${DEPLOYMENT}`,
  },
  { title: "list what belongs to something", method: "GET", path: "/automations/related-to/prefect.deployment.$d" },
  { title: "disable", method: "PATCH", path: "/automations/{first}", body: { enabled: false } },
  { title: "change more than that", method: "PATCH", path: "/automations/{first}", body: { name: "x" } },
  { title: "replace", method: "PUT", path: "/automations/{first}", body: { ...automation, name: "$e", actions: [] } },
  { title: "read the replaced", method: "GET", path: "/automations/{first}" },
  { title: "disable nothing that exists", method: "PATCH", path: "/automations/{uuid:none}", body: { enabled: false } },
  { title: "delete nothing that exists", method: "DELETE", path: "/automations/{uuid:none}" },
  { title: "delete what belongs to something", method: "DELETE", path: "/automations/owned-by/prefect.deployment.$d" },
  { title: "read nothing of it", method: "GET", path: "/automations/{owned}" },
  { title: "delete what belongs to nothing", method: "DELETE", path: "/automations/owned-by/prefect.deployment.$x" },
  { title: "delete", method: "DELETE", path: "/automations/{first}" },
  { title: "delete another", method: "DELETE", path: "/automations/{fourth}" },
  { title: "delete the last", method: "DELETE", path: "/automations/{third}" },
];

function validate(title: string, template: unknown): Step {
  return { title, method: "POST", path: "/templates/validate", body: template };
}

/** Each is judged alone; most of them are wrong in another way. */
const GOOD_AND_BAD = [
  "{{ a.b['c'][1:2].d(1, *e, f=2, **g) | upper('x').y.z | lower is not defined ~ 'a' 'b' }}",
  "{{ -a ** 2 // 3 % 4 in (1, 2.5e3, 0x1f) and not b or [1, {'k': none},] == c if d else e }}",
  "{%- set x, y = 1, 2 +%}{% set z %}t{% endset %}{% set n.a = 1 %}",
  "{% macro m(a, b=1) %}{% endmacro %}{% call(u) m() %}{% endcall %}{% filter upper | trim %}x{% endfilter %}",
  "{% from 'a' import b as c, d with context %}{% import 'a' as b %}{% include 'x' ignore missing without context %}",
  "{% block b scoped required %} {# c #}{% endblock b %}{% with a = 1, b = 2 %}{% endwith %}{% autoescape true %}{% endautoescape %}",
  "{% for a, (b, c) in d if e recursive %}{{ loop.index }}{% else %}{% endfor %}{% print 1, 2 %}",
  "{{ '}}' }}{% raw %}{{ }}{% endraw %}",
  "{#",
  "{# c",
  "a\n{% raw %}x",
  "{{",
  "{{ }}",
  "\n\n{{ a\n",
  "{{ a b }}",
  "{{ a. }}",
  "{{ a.1.5 }}",
  "{{ a[1, }}",
  "{{ (a }}",
  "{{ a) }}",
  "{{ [a) }}",
  "{{ {a} }}",
  "{{ f(a=1, b) }}",
  "{{ f(**a, **b) }}",
  "{{ f(* }}",
  "{{ a is b is c }}",
  "{{ a | 1 }}",
  "{{ a $ b }}",
  "{{ é\n@ }}",
  "{{ 9a }}",
  "{{ ² }}",
  "{{ 'a }}",
  "{{ '\\x1' }}",
  "{{ a if }}",
  "{{ not }}",
  "{% %}",
  "{% 1 %}",
  "{% if %}{% endif %}",
  "{% if a",
  "{% if a %}\n\n",
  "{% if a %}{% for b in c %}{% endif %}",
  "{% if a %}{% else %}{% elif b %}{% endif %}",
  "{% endfor %}",
  "{% for a b %}",
  "{% for 1 in a %}{% endfor %}",
  "{% for in a %}{% endfor %}",
  "{% set a.b.c = 1 %}",
  "{% set (a + b) = 1 %}",
  "{% set true = 1 %}",
  "{% with a %}{% endwith %}",
  "{% block a-b %}{% endblock %}",
  "{% block a required %}x{% endblock %}",
  "{% macro m(a=1, b) %}{% endmacro %}",
  "{% macro none() %}{% endmacro %}",
  "{% call a %}{% endcall %}",
  "{% import 'a' %}",
  "{% from 'a' import _b %}",
  "{% from 'a' import 1 %}",
  "{% raw +%}{% endraw %}",
  "{% break %}",
  "{% for a in b %}{% for c in d %}{% for e in f %}{% endfor %}{% endfor %}{% endfor %}",
  "{% for a in b %}{% endfor %}".repeat(11),
];

export const templates: Step[] = [
  validate("a good one", "hello {{ a.b['c'] if x else 'd' }}{# {% for %} #}"),
  validate("blocks in blocks", "{% for x in y %}{% if a %}{% else %}{% endif %}{% endfor %}"),
  validate("an empty one", ""),
  { title: "none", method: "POST", path: "/templates/validate" },
  validate("an unclosed block", "{% for x in y %}"),
  validate("an unclosed expression", "{{ a"),
  validate("an unknown tag", "{% if a %}\n{% enif %}"),
  validate("an end without a start", "{% endif %}"),
  validate("no text", { a: 1 }),
  { title: "by the old path", method: "POST", path: "/automations/templates/validate", body: "{{ a | any }}" },
  ...GOOD_AND_BAD.map((template) => validate(template, template)),
];
