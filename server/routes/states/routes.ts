import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import {
  flowRunStateById,
  statesOfFlowRun,
  statesOfTaskRun,
  taskRunStateById,
} from "../../store/queries/runs/run-states.ts";
import { presentStateRow, stateView } from "./view.ts";

export const stateRoutes = [
  route({
    method: "GET",
    path: "/flow_run_states/{id:uuid}",
    summary: "Read Flow Run State",
    responses: { 200: stateView },
    async handle({ params }, { store }) {
      const row = await flowRunStateById(store.db, params.id);
      if (row === undefined) throw new ApiError("not_found", "Flow run state not found");
      return { status: 200, body: presentStateRow(row) };
    },
  }),
  route({
    method: "GET",
    path: "/flow_run_states/",
    summary: "Read Flow Run States",
    query: z.object({ flow_run_id: uuid() }),
    responses: { 200: z.array(stateView) },
    async handle({ query }, { store }) {
      return { status: 200, body: (await statesOfFlowRun(store.db, query.flow_run_id)).map(presentStateRow) };
    },
  }),
  route({
    method: "GET",
    path: "/task_run_states/{id:uuid}",
    summary: "Read Task Run State",
    responses: { 200: stateView },
    async handle({ params }, { store }) {
      const row = await taskRunStateById(store.db, params.id);
      if (row === undefined) throw new ApiError("not_found", "Flow run state not found");
      return { status: 200, body: presentStateRow(row) };
    },
  }),
  route({
    method: "GET",
    path: "/task_run_states/",
    summary: "Read Task Run States",
    query: z.object({ task_run_id: uuid() }),
    responses: { 200: z.array(stateView) },
    async handle({ query }, { store }) {
      return { status: 200, body: (await statesOfTaskRun(store.db, query.task_run_id)).map(presentStateRow) };
    },
  }),
];
