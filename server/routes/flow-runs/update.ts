import { z } from "zod";
import { changeFlowRun, labelFlowRun } from "../../domain/flow-runs/change.ts";
import { slugOf } from "../../domain/run-name.ts";
import { model, whole } from "../../http/request/body.ts";
import { document, text } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { flowRunPolicy, parameters } from "./fields.ts";
import { checkRunVariables } from "./job-variables.ts";

export const updateFlowRunRoute = route({
  method: "PATCH",
  path: "/flow_runs/{id:uuid}",
  summary: "Update Flow Run",
  body: model({
    name: text().nullable().optional(),
    flow_version: text().nullable().optional(),
    parameters: parameters().optional(),
    empirical_policy: flowRunPolicy().optional(),
    tags: z.array(text()).optional(),
    infrastructure_pid: text().nullable().optional(),
    job_variables: document().nullable().optional(),
  }),
  responses: { 204: null },
  async handle({ params, body }, context) {
    const { name, ...changes } = body;
    // No name is a name to be made up, as upstream.
    const named = name === undefined ? undefined : name || slugOf(context.ids.uuid4());
    await changeFlowRun(context, params.id, { ...changes, name: named }, checkRunVariables);
    return { status: 204 };
  },
});

/** Workers leave their names here before a run starts: they mark it CRASHED when they can't. */
export const labelFlowRunRoute = route({
  method: "PATCH",
  path: "/flow_runs/{id:uuid}/labels",
  summary: "Update Flow Run Labels",
  body: whole(document()),
  responses: { 204: null },
  async handle({ params, body }, context) {
    await labelFlowRun(context, params.id, body);
    return { status: 204 };
  },
});
