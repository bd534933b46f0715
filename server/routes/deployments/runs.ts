import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { runDeployment, runDeploymentOften } from "../../domain/deployments/create-run.ts";
import { model, whole } from "../../http/request/body.ts";
import { type CreatedBy, readCreatedBy } from "../../http/request/created-by.ts";
import { document, flag, text, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { flowRunPolicy, labels, parameters } from "../flow-runs/fields.ts";
import { flowRunView, presentFlowRun } from "../flow-runs/view.ts";
import { stateBody } from "../states/bodies.ts";

const MOST_AT_ONCE = 100;

const runFields = {
  state: stateBody.nullable().default(null),
  name: text().nullable().optional(),
  parameters: parameters().default({}),
  enforce_parameter_schema: flag().nullable().default(null),
  context: document().default({}),
  infrastructure_document_id: uuid().nullable().default(null),
  empirical_policy: flowRunPolicy().optional(),
  tags: z.array(text()).default([]),
  idempotency_key: text().nullable().default(null),
  labels: labels().default({}),
  parent_task_run_id: uuid().nullable().default(null),
  work_queue_name: text().nullable().default(null),
  job_variables: document().nullable().default({}),
};

const runRequest = z.strictObject(runFields).meta({ id: "DeploymentFlowRunCreate" });

type RunFields = z.output<typeof runRequest>;

/** An empty name is a name to be made up, an empty key is none, and null job variables are none, as upstream. */
function requestOf(
  { name, idempotency_key, empirical_policy, job_variables, ...given }: RunFields,
  created_by: CreatedBy | null,
) {
  return {
    ...given,
    created_by,
    empirical_policy,
    name: name || undefined,
    idempotency_key: idempotency_key || null,
    job_variables: job_variables ?? {},
  };
}

export const deploymentRunRoutes = [
  route({
    method: "POST",
    path: "/deployments/{id:uuid}/create_flow_run",
    summary: "Create Flow Run From Deployment",
    body: model(runFields),
    responses: { 200: flowRunView, 201: flowRunView },
    async handle({ params, body, headers }, context) {
      const created_by = readCreatedBy(headers);
      const { run, created } = await runDeployment(context, params.id, requestOf(body, created_by));
      return { status: created ? 201 : 200, body: presentFlowRun(run, context.clock.now()) };
    },
  }),
  route({
    method: "POST",
    path: "/deployments/{id:uuid}/create_flow_run/bulk",
    summary: "Bulk Create Flow Runs From Deployment",
    body: whole(z.array(runRequest)),
    responses: {
      200: z
        .strictObject({
          results: z.array(
            z.strictObject({
              flow_run_id: view.uuid.nullable(),
              status: z.enum(["CREATED", "FAILED"]),
              error: view.text.nullable(),
            }),
          ),
        })
        .meta({ id: "FlowRunBulkCreateResponse" }),
    },
    async handle({ params, body, headers }, context) {
      const created_by = readCreatedBy(headers);
      if (body.length > MOST_AT_ONCE) {
        throw new ApiError("bad_request", `Cannot create more than ${MOST_AT_ONCE} flow runs at once.`);
      }
      const requests = body.map((one) => requestOf(one, created_by));
      return { status: 200, body: { results: await runDeploymentOften(context, params.id, requests) } };
    },
  }),
];
