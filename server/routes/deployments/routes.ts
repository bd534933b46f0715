import { z } from "zod";
import { changeDeployment } from "../../domain/deployments/change.ts";
import { findDeployment } from "../../domain/deployments/find.ts";
import { pauseDeployment } from "../../domain/deployments/pause.ts";
import { removeDeployment, removeDeployments } from "../../domain/deployments/remove.ts";
import { upsertDeployment } from "../../domain/deployments/upsert.ts";
import { members } from "../../http/request/body.ts";
import { integer, oneOf } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countDeployments, type Deployment, listDeployments } from "../../store/queries/deployments.ts";
import { listWorkQueues } from "../../store/queries/work-pools/work-queues.ts";
import type { WorkQueueRow } from "../../store/tables/work-pools.ts";
import { parseJson } from "../../values/json.ts";
import { deploymentFilter, relatedFilters } from "../filters.ts";
import { listRoutes } from "../list-routes.ts";
import { presentWorkQueueRow, workQueueRowView } from "../work-queues/view.ts";
import { deploymentChanges, newDeployment } from "./fields.ts";
import { deploymentRunRoutes } from "./run-routes.ts";
import { deploymentScheduleRoutes } from "./schedule-routes.ts";
import { deploymentView, presentDeployment, presentDeployments } from "./view.ts";

/** Most deployments that one request deletes. */
const MAX_BULK_DELETE = 50;

export const deploymentRoutes = [
  route({
    method: "POST",
    path: "/deployments/",
    summary: "Create Deployment",
    body: newDeployment,
    responses: { 200: deploymentView, 201: deploymentView },
    async handle({ body }, context) {
      // A create ignores max_scheduled_runs, as upstream does.
      const schedules = body.schedules.map((schedule) => ({ ...schedule, max_scheduled_runs: null }));
      const { deployment, created } = await upsertDeployment(context, { ...body, schedules });
      const { store, clock } = context;
      return { status: created ? 201 : 200, body: await presentDeployment(store.db, deployment, clock.now()) };
    },
  }),
  route({
    method: "GET",
    path: "/deployments/{id:uuid}",
    summary: "Read Deployment",
    responses: { 200: deploymentView },
    async handle({ params }, { store, clock }) {
      const deployment = await findDeployment(store.db, { id: params.id });
      return { status: 200, body: await presentDeployment(store.db, deployment, clock.now()) };
    },
  }),
  route({
    method: "GET",
    path: "/deployments/name/{flow_name}/{deployment_name}",
    summary: "Read Deployment By Name",
    responses: { 200: deploymentView },
    async handle({ params }, { store, clock }) {
      const key = { flowName: params.flow_name, name: params.deployment_name };
      const deployment = await findDeployment(store.db, key);
      return { status: 200, body: await presentDeployment(store.db, deployment, clock.now()) };
    },
  }),
  route({
    method: "PATCH",
    path: "/deployments/{id:uuid}",
    summary: "Update Deployment",
    body: deploymentChanges,
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeDeployment(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/deployments/{id:uuid}",
    summary: "Delete Deployment",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeDeployment(context, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/deployments/bulk_delete",
    summary: "Bulk Delete Deployments",
    body: members({
      deployments: deploymentFilter.optional(),
      limit: integer({ ge: 1, le: MAX_BULK_DELETE }).default(MAX_BULK_DELETE),
    }),
    responses: { 200: z.strictObject({ deleted: z.array(view.uuid) }).meta({ id: "DeploymentBulkDeleteResponse" }) },
    async handle({ body }, context) {
      return { status: 200, body: { deleted: await removeDeployments(context, body.deployments, body.limit) } };
    },
  }),
  ...listRoutes({
    path: "/deployments",
    title: "Deployments",
    filters: relatedFilters,
    options: { sort: oneOf("CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC").default("NAME_ASC") },
    list: (db, filters, { sort }, page) => listDeployments(db, filters, sort, page),
    count: countDeployments,
    view: deploymentView,
    present: (rows, { store, clock }) => presentDeployments(store.db, rows, clock.now()),
    paginate: {
      id: "DeploymentPaginationResponse",
      view: deploymentView,
      present: (rows, { store, clock }) => presentDeployments(store.db, rows, clock.now()),
    },
  }),
  ...deploymentRunRoutes,
  ...deploymentScheduleRoutes,
  pauseRoute("pause_deployment", "Pause Deployment", true),
  pauseRoute("resume_deployment", "Resume Deployment", false),
  /** Which queues' filters match the deployment. Filters are deprecated: hardly any queue has one, and without one it matches all. */
  route({
    method: "GET",
    path: "/deployments/{id:uuid}/work_queue_check",
    summary: "Work Queue Check For Deployment",
    responses: { 200: z.array(workQueueRowView) },
    async handle({ params }, { store, config }) {
      const deployment = await findDeployment(store.db, { id: params.id });
      const queues = await listWorkQueues(store.db, {}, { limit: config.pageLimit, offset: 0 });
      return { status: 200, body: queues.filter((queue) => matchesQueue(queue, deployment)).map(presentWorkQueueRow) };
    },
  }),
];

function pauseRoute(path: "pause_deployment" | "resume_deployment", summary: string, paused: boolean) {
  return route({
    method: "POST",
    path: `/deployments/{id:uuid}/${path}`,
    summary,
    responses: { 200: view.json },
    async handle({ params }, context) {
      await pauseDeployment(context, params.id, paused);
      return { status: 200, body: null };
    },
  });
}

function matchesQueue({ filter }: WorkQueueRow, { id, tags }: Deployment): boolean {
  if (filter === null) return true;
  const criteria = parseJson(filter) as { tags: string[] | null; deployment_ids: string[] | null };
  const own = parseJson(tags) as string[];
  const ids = criteria.deployment_ids ?? [];
  return (criteria.tags ?? []).every((tag) => own.includes(tag)) && (ids.length === 0 || ids.includes(id));
}
