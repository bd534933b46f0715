import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { runDeployment, runDeploymentOften } from "../../domain/deployments/create-run.ts";
import { recordDeploymentsPolled } from "../../domain/deployments/record-polled.ts";
import { readLimit } from "../../http/pagination.ts";
import { members, model, whole } from "../../http/request/body.ts";
import { type CreatedBy, readCreatedBy } from "../../http/request/created-by.ts";
import { document, flag, integer, text, timestamp, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { listFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { flowRunPolicy, labels, parameters } from "../flow-runs/fields.ts";
import { flowRunView, presentFlowRun, presentFlowRuns } from "../flow-runs/view.ts";
import { stateBody } from "../states/fields.ts";

/** Most runs that one request creates. */
const MAX_BULK_CREATE = 100;

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

/** As in upstream, an empty name is generated, an empty key is no key, and null job variables are none. */
function toRunRequest(
  { name, idempotency_key, empirical_policy, job_variables, ...fields }: RunFields,
  created_by: CreatedBy | null,
) {
  return {
    ...fields,
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
      const { run, created } = await runDeployment(context, params.id, toRunRequest(body, created_by));
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
      if (body.length > MAX_BULK_CREATE) {
        throw new ApiError("bad_request", `Cannot create more than ${MAX_BULK_CREATE} flow runs at once.`);
      }
      const requests = body.map((one) => toRunRequest(one, created_by));
      return { status: 200, body: { results: await runDeploymentOften(context, params.id, requests) } };
    },
  }),
  /** What processes poll that serve their deployments themselves. Concurrency limits count only when a run becomes PENDING. */
  route({
    method: "POST",
    path: "/deployments/get_scheduled_flow_runs",
    summary: "Get Scheduled Flow Runs For Deployments",
    body: members({
      deployment_ids: z.array(uuid()),
      scheduled_before: timestamp().optional(),
      limit: integer().optional(),
    }),
    responses: { 200: z.array(flowRunView) },
    async handle({ body }, context) {
      const { store, config, clock } = context;
      const filter = {
        deployment_id: { any_: body.deployment_ids },
        next_scheduled_start_time: { before_: body.scheduled_before },
        state: { type: { any_: ["SCHEDULED"] } },
      };
      const page = { limit: readLimit(body.limit, config), offset: 0 };
      const runs = await listFlowRuns(store.db, { flow_runs: filter }, "NEXT_SCHEDULED_START_TIME_ASC", page);
      recordDeploymentsPolled(context, body.deployment_ids);
      return { status: 200, body: presentFlowRuns(runs, clock.now()) };
    },
  }),
];
