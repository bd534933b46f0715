import { findFlowRun } from "../../domain/flow-runs/change.ts";
import { removeFlowRun } from "../../domain/flow-runs/remove.ts";
import { route } from "../../http/route.ts";
import { flowRunView, presentFlowRun } from "./view.ts";

export const readFlowRunRoute = route({
  method: "GET",
  path: "/flow_runs/{id:uuid}",
  summary: "Read Flow Run",
  responses: { 200: flowRunView },
  async handle({ params }, { store, clock }) {
    return { status: 200, body: presentFlowRun(await findFlowRun(store.db, params.id), clock.now()) };
  },
});

export const deleteFlowRunRoute = route({
  method: "DELETE",
  path: "/flow_runs/{id:uuid}",
  summary: "Delete Flow Run",
  responses: { 204: null },
  async handle({ params }, context) {
    await removeFlowRun(context, params.id);
    return { status: 204 };
  },
});
