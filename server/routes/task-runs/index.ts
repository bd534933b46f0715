import { z } from "zod";
import { slugOf } from "../../domain/run-name.ts";
import { findTaskRun, removeTaskRun, renameTaskRun } from "../../domain/task-runs/by-id.ts";
import { createTaskRun } from "../../domain/task-runs/create.ts";
import { setTaskRunState } from "../../domain/task-runs/set-state.ts";
import { transaction } from "../../domain/transaction.ts";
import { members, model } from "../../http/request/body.ts";
import { flag, text, timestamp, uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { labels } from "../flow-runs/fields.ts";
import { stateBody } from "../states/bodies.ts";
import { outcomeView, presentOutcome } from "../states/outcome.ts";
import { taskInput, taskRunPolicy } from "./fields.ts";
import { taskRunListRoutes } from "./list.ts";
import { presentTaskRun, taskRunView } from "./view.ts";

/** Task runs by request. Flows report most of theirs as events; by request come those that stand for subflows, and deferred ones. */
export const taskRunRoutes = [
  route({
    method: "POST",
    path: "/task_runs/",
    summary: "Create Task Run",
    body: model({
      id: uuid().nullable().optional(),
      state: stateBody.nullable().default(null),
      name: text().nullable().optional(),
      flow_run_id: uuid().nullable().default(null),
      task_key: text(),
      dynamic_key: text(),
      cache_key: text({ maxLength: 2000 }).nullable().default(null),
      cache_expiration: timestamp().nullable().default(null),
      task_version: text().nullable().default(null),
      empirical_policy: taskRunPolicy().optional(),
      tags: z.array(text()).default([]),
      labels: labels().default({}),
      task_inputs: z.record(z.string(), z.array(taskInput)).default({}),
    }),
    responses: { 200: taskRunView, 201: taskRunView },
    async handle({ body }, context) {
      const { name, state, ...given } = body;
      const { run, created } = await transaction(context, (context, tx) =>
        createTaskRun(context, tx, { ...given, name: name || undefined, state: state ?? { type: "PENDING" } }),
      );
      return { status: created ? 201 : 200, body: presentTaskRun(run, context.clock.now()) };
    },
  }),
  route({
    method: "PATCH",
    path: "/task_runs/{id:uuid}",
    summary: "Update Task Run",
    body: model({ name: text().nullable().optional() }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await renameTaskRun(context, params.id, body.name === null ? slugOf(context.ids.uuid4()) : body.name);
      return { status: 204 };
    },
  }),
  ...taskRunListRoutes,
  route({
    method: "GET",
    path: "/task_runs/{id:uuid}",
    summary: "Read Task Run",
    responses: { 200: taskRunView },
    async handle({ params }, { store, clock }) {
      return { status: 200, body: presentTaskRun(await findTaskRun(store.db, params.id), clock.now()) };
    },
  }),
  route({
    method: "DELETE",
    path: "/task_runs/{id:uuid}",
    summary: "Delete Task Run",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeTaskRun(context, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/task_runs/{id:uuid}/set_state",
    summary: "Set Task Run State",
    body: members({ state: stateBody, force: flag().default(false) }),
    responses: { 200: outcomeView, 201: outcomeView },
    async handle({ params, body }, context) {
      const outcome = await transaction(context, (context, tx) => setTaskRunState(context, tx, params.id, body));
      return { status: outcome.changed ? 201 : 200, body: presentOutcome(outcome) };
    },
  }),
];
