import { z } from "zod";
import type { Action, Trigger } from "../../domain/automations.ts";
import { looksLikeTemplate, validateTemplate } from "../../domain/jinja/template.ts";
import type { TemplateError } from "../../domain/jinja/template-error.ts";
import {
  document,
  flag,
  float,
  integer,
  literal,
  oneOf,
  text,
  timestamp,
  uuid,
} from "../../http/request/request-types.ts";
import { criteria, listOf, operator, stateType, tagsOfSome } from "../filters.ts";

/** Shortest `within` of a proactive trigger. */
const MIN_PROACTIVE_SECONDS = 10;

const specification = z.record(z.string(), z.union([text(), z.array(text())]));
const names = z
  .array(text())
  .default([])
  .transform((list) => [...new Set(list)]);

const eventTrigger = z
  .object({
    type: literal("event").default("event"),
    match: specification.default({}),
    match_related: z.union([specification, z.array(specification)]).default({}),
    after: names,
    expect: names,
    for_each: names,
    posture: literal("Reactive", "Proactive"),
    threshold: integer().default(1),
    within: float({ ge: 0 }).default(0),
  })
  .refine(({ posture, within }) => posture !== "Proactive" || within >= MIN_PROACTIVE_SECONDS, {
    path: ["within"],
    message: `The minimum \`within\` for Proactive triggers is ${MIN_PROACTIVE_SECONDS} seconds`,
  });

/** Most levels of nested triggers. */
const MAX_TRIGGER_DEPTH = 5;

function triggerOf(depth: number): z.ZodType<Trigger> {
  if (depth === 0) return eventTrigger;
  const triggers = z.array(triggerOf(depth - 1));
  const within = float({ ge: 0 }).nullable();
  const compound = z.object({
    type: literal("compound"),
    triggers,
    within,
    require: z.union([literal("any", "all"), integer({ ge: 1 })]),
  });
  const sequence = z.object({ type: literal("sequence"), triggers, within });
  return z.union([eventTrigger, compound, sequence]);
}

export const trigger = triggerOf(MAX_TRIGGER_DEPTH).meta({ type: "object" });

function template(field: string) {
  return text().check(({ value, issues }) => {
    const problem = validateTemplate(value);
    if (problem === undefined) return;
    issues.push({ code: "custom", input: value, message: `'${field}' is not a valid template: ${problem.message}` });
  });
}

/** The first error of a template in parameters; every text with template syntax is one. */
function firstProblem(parameters: unknown): TemplateError | undefined {
  if (typeof parameters === "string") return looksLikeTemplate(parameters) ? validateTemplate(parameters) : undefined;
  if (typeof parameters !== "object" || parameters === null) return undefined;
  for (const member of Object.values(parameters)) {
    const problem = firstProblem(member);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const parameters = document().check(({ value, issues }) => {
  const problem = firstProblem(value);
  if (problem === undefined) return;
  issues.push({ code: "custom", input: value, message: `Invalid parameters: Invalid jinja: ${problem.message}` });
});

function action<const T extends string>(type: T, fields: z.core.$ZodLooseShape = {}) {
  return z.object({ type: z.literal(type), ...fields });
}

/** An action on an object: the one with that id, or the one that the event is about. */
function on<const T extends string>(type: T, id: string, fields: z.core.$ZodLooseShape = {}) {
  const shape = {
    source: oneOf("selected", "inferred").default("selected"),
    [id]: uuid().nullable().default(null),
    ...fields,
  };
  return action(type, shape).refine(
    (value) => {
      const fields: Record<string, unknown> = value;
      return (fields[id] !== null) === (fields.source === "selected");
    },
    { path: [id], message: `${id} is given just when the source is "selected"` },
  );
}

/** Source: prefect/server/events/actions.py. */
const anyAction = z.discriminatedUnion("type", [
  action("do-nothing"),
  on("run-deployment", "deployment_id", {
    parameters: parameters.nullable().default(null),
    job_variables: document().nullable().default(null),
    schedule_after: float({ ge: 0 }).default(0),
  }),
  on("pause-deployment", "deployment_id"),
  on("resume-deployment", "deployment_id"),
  action("cancel-flow-run"),
  action("delete-flow-run"),
  action("suspend-flow-run"),
  action("resume-flow-run"),
  action("change-flow-run-state", {
    name: text().nullable().default(null),
    state: stateType(),
    message: text().nullable().default(null),
    force: flag().default(false),
  }),
  on("pause-work-queue", "work_queue_id"),
  on("resume-work-queue", "work_queue_id"),
  on("pause-work-pool", "work_pool_id"),
  on("resume-work-pool", "work_pool_id"),
  on("pause-automation", "automation_id"),
  on("resume-automation", "automation_id"),
  action("send-notification", {
    block_document_id: uuid(),
    subject: template("subject").default("Prefect automated notification"),
    body: template("body"),
  }),
  action("call-webhook", { block_document_id: uuid(), payload: template("payload").default("") }),
]);

export const actions: z.ZodType<Action[]> = z.array(anyAction);

export const tags = z.array(text());

export const automationFilter = z
  .strictObject({
    operator,
    name: criteria({ any_: listOf(text()) }),
    created: criteria({ before_: timestamp().nullable().optional() }),
    tags: tagsOfSome,
  })
  .meta({ id: "AutomationFilter" });
