import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { changeFlowRun, findFlowRun, labelFlowRun } from "../../domain/flow-runs/change.ts";
import { createFlowRun } from "../../domain/flow-runs/create.ts";
import { removeFlowRun } from "../../domain/flow-runs/remove.ts";
import { resumeFlowRun } from "../../domain/flow-runs/resume.ts";
import { setFlowRunState } from "../../domain/flow-runs/set-state.ts";
import type { ClientBehavior } from "../../domain/orchestration/flow-run-transition.ts";
import { runName } from "../../domain/run-name.ts";
import { transaction } from "../../domain/transaction.ts";
import { queueForRun } from "../../domain/work-pools/work-queues.ts";
import { members, model, whole } from "../../http/request/body.ts";
import { clientVersion, isClientUpTo } from "../../http/request/client-version.ts";
import { readCreatedBy } from "../../http/request/created-by.ts";
import { document, flag, integer, text, uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { listFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { flowRunFilter } from "../filters.ts";
import { stateBody } from "../states/fields.ts";
import { bulkOutcomeView, outcomeView, presentOutcome } from "../states/view.ts";
import { flowRunPolicy, labels, parameters } from "./fields.ts";
import { graphRoutes } from "./graph-routes.ts";
import { historyRoutes } from "./history-routes.ts";
import { inputRoutes } from "./input-routes.ts";
import { flowRunListRoutes } from "./list-routes.ts";
import { flowRunView, presentFlowRun } from "./view.ts";

const newFlowRun = model({
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

const stateRequest = { state: stateBody, force: flag().default(false) };

/** Most runs whose state one request sets. */
const MAX_BULK = 50;

export const flowRunRoutes = [
  route({
    method: "POST",
    path: "/flow_runs/",
    summary: "Create Flow Run",
    body: newFlowRun,
    responses: { 200: flowRunView, 201: flowRunView },
    async handle({ body, headers }, context) {
      const created_by = readCreatedBy(headers);
      const { name, state, work_pool_name, ...fields } = body;
      const { run, created } = await transaction(context, async (context, tx) =>
        createFlowRun(context, tx, {
          ...fields,
          created_by,
          name: name || undefined,
          state: state ?? { type: "PENDING" },
          // Without a key, or with an empty one, every request creates a run.
          idempotency_key: fields.idempotency_key || null,
          work_queue_id: work_pool_name ? await queueForRun(tx, work_pool_name, fields.work_queue_name) : null,
        }),
      );
      return { status: created ? 201 : 200, body: presentFlowRun(run, context.clock.now()) };
    },
  }),
  ...flowRunListRoutes,
  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}",
    summary: "Read Flow Run",
    responses: { 200: flowRunView },
    async handle({ params }, { store, clock }) {
      return { status: 200, body: presentFlowRun(await findFlowRun(store.db, params.id), clock.now()) };
    },
  }),
  route({
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
      // Without a name, one is generated, as in upstream.
      const named = name === undefined ? undefined : name || runName(context.ids.uuid4());
      await changeFlowRun(context, params.id, { ...changes, name: named });
      return { status: 204 };
    },
  }),
  /** Workers write their names here before a run starts; if that fails, they mark it CRASHED. */
  route({
    method: "PATCH",
    path: "/flow_runs/{id:uuid}/labels",
    summary: "Update Flow Run Labels",
    body: whole(document()),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await labelFlowRun(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/set_state",
    summary: "Set Flow Run State",
    body: members(stateRequest),
    responses: { 200: outcomeView, 201: outcomeView },
    async handle({ params, body, headers }, context) {
      const client = clientBehavior(headers);
      const outcome = await transaction(context, (context, tx) =>
        setFlowRunState(context, tx, params.id, { ...body, client }),
      );
      return { status: outcome.changed ? 201 : 200, body: presentOutcome(outcome) };
    },
  }),
  route({
    method: "POST",
    path: "/flow_runs/bulk_set_state",
    summary: "Bulk Set Flow Run State",
    body: members({
      ...stateRequest,
      flow_runs: flowRunFilter.optional(),
      limit: integer({ ge: 1, le: MAX_BULK }).default(MAX_BULK),
    }),
    responses: { 200: z.strictObject({ results: z.array(bulkOutcomeView) }) },
    async handle({ body, headers }, context) {
      const client = clientBehavior(headers);
      const { state, force, flow_runs, limit } = body;
      const runs = await listFlowRuns(context.store.db, { flow_runs }, "ID_DESC", { limit, offset: 0 });
      const results: z.input<typeof bulkOutcomeView>[] = [];
      // Each in a transaction of its own: the refusal of one run does not affect the others.
      for (const { id } of runs) {
        const outcome = await transaction(context, (context, tx) =>
          setFlowRunState(context, tx, id, { state, force, client }),
        );
        results.push({ flow_run_id: id, ...presentOutcome(outcome) });
      }
      return { status: 200, body: { results } };
    },
  }),
  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/resume",
    summary: "Resume Flow Run",
    body: members({ run_input: document().optional() }),
    responses: { 200: outcomeView, 201: outcomeView },
    async handle({ params, body, headers }, context) {
      const request = { input: body.run_input, client: clientBehavior(headers) };
      const outcome = await transaction(context, (context, tx) => resumeFlowRun(context, tx, params.id, request));
      return { status: outcome.changed ? 201 : 200, body: presentOutcome(outcome) };
    },
  }),
  route({
    method: "DELETE",
    path: "/flow_runs/{id:uuid}",
    summary: "Delete Flow Run",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeFlowRun(context, params.id);
      return { status: 204 };
    },
  }),
  ...historyRoutes,
  ...graphRoutes,
  ...inputRoutes,
];

/** How this client handles the slots of deployments. */
function clientBehavior(headers: IncomingHttpHeaders): ClientBehavior {
  const [major, minor, patch] = clientVersion(headers) ?? [];
  return {
    renewsLeases: major !== undefined && !isClientUpTo(headers, "3.4.10"),
    takesSlots: major === 3 && minor === 0 && (patch ?? 0) <= 3,
  };
}
