import { z } from "zod";
import { createFlowRun } from "../../domain/flow-runs/create.ts";
import { queueForRun } from "../../domain/flow-runs/queue.ts";
import { transaction } from "../../domain/transaction.ts";
import { model } from "../../http/request/body.ts";
import { readCreatedBy } from "../../http/request/created-by.ts";
import { document, text, uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { stateBody } from "../states/bodies.ts";
import { flowRunPolicy, labels, parameters } from "./fields.ts";
import { flowRunView, presentFlowRun } from "./view.ts";

const body = model({
  flow_id: uuid(),
  state: stateBody.nullable().default(null),
  name: text().nullable().optional(),
  flow_version: text().nullable().default(null),
  parameters: parameters().default({}),
  context: document().default({}),
  parent_task_run_id: uuid().nullable().default(null),
  infrastructure_document_id: uuid().nullable().default(null),
  empirical_policy: flowRunPolicy().optional(),
  tags: z.array(text()).default([]),
  labels: labels().default({}),
  idempotency_key: text().nullable().default(null),
  work_pool_name: text().nullable().default(null),
  work_queue_name: text().nullable().default(null),
  job_variables: document().nullable().default(null),
  deployment_id: uuid().nullable().default(null),
});

export const createFlowRunRoute = route({
  method: "POST",
  path: "/flow_runs/",
  summary: "Create Flow Run",
  body,
  responses: { 200: flowRunView, 201: flowRunView },
  async handle({ body, headers }, context) {
    const created_by = readCreatedBy(headers);
    const { name, state, work_pool_name, ...given } = body;
    const { run, created } = await transaction(context, async (context, tx) =>
      createFlowRun(context, tx, {
        ...given,
        created_by,
        name: name || undefined,
        state: state ?? { type: "PENDING" },
        // No key, or an empty one: every request makes a run.
        idempotency_key: given.idempotency_key || null,
        work_queue_id: work_pool_name ? await queueForRun(tx, work_pool_name, given.work_queue_name) : null,
      }),
    );
    return { status: created ? 201 : 200, body: presentFlowRun(run, context.clock.now()) };
  },
});
