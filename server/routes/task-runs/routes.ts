import { z } from "zod";
import { runName } from "../../domain/run-name.ts";
import { findTaskRun, removeTaskRun, renameTaskRun } from "../../domain/task-runs/by-id.ts";
import { createTaskRun } from "../../domain/task-runs/create.ts";
import { setTaskRunState } from "../../domain/task-runs/set-state.ts";
import { transaction } from "../../domain/transaction.ts";
import { members, model } from "../../http/request/body.ts";
import { flag, oneOf, text, timestamp, uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { countTaskRuns, listTaskRuns } from "../../store/queries/runs/task-run-lists.ts";
import { relatedFilters } from "../filters.ts";
import { labels } from "../flow-runs/fields.ts";
import { listRoutes } from "../list-routes.ts";
import { stateBody } from "../states/fields.ts";
import { outcomeView, presentOutcome } from "../states/view.ts";
import { taskInput, taskRunPolicy } from "./fields.ts";
import { pagedTaskRunView, presentPagedTaskRun, presentTaskRun, taskRunView } from "./view.ts";

const { work_pools: _, work_pool_queues: __, ...filters } = relatedFilters;

/** Flows report most task runs as events; those that stand for subflows, and deferred ones, are created by request. */
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
      const { name, state, ...fields } = body;
      const { run, created } = await transaction(context, (context, tx) =>
        createTaskRun(context, tx, { ...fields, name: name || undefined, state: state ?? { type: "PENDING" } }),
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
      await renameTaskRun(context, params.id, body.name === null ? runName(context.ids.uuid4()) : body.name);
      return { status: 204 };
    },
  }),
  ...listRoutes({
    path: "/task_runs",
    title: "Task Runs",
    filters,
    options: {
      sort: oneOf(
        "ID_DESC",
        "EXPECTED_START_TIME_ASC",
        "EXPECTED_START_TIME_DESC",
        "NAME_ASC",
        "NAME_DESC",
        "NEXT_SCHEDULED_START_TIME_ASC",
        "END_TIME_DESC",
      ).default("ID_DESC"),
    },
    list: (db, filters, { sort }, page) => listTaskRuns(db, filters, sort, page),
    count: countTaskRuns,
    view: taskRunView,
    present: (runs, { clock }) => {
      const now = clock.now();
      return runs.map((run) => presentTaskRun(run, now));
    },
    paginate: {
      view: pagedTaskRunView,
      present: (runs, { clock }) => {
        const now = clock.now();
        return runs.map((run) => presentPagedTaskRun(run, now));
      },
    },
  }),
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
