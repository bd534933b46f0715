import { z } from "zod";
import { scheduleDeployment } from "../../domain/deployments/schedule-runs.ts";
import { changeSchedule, createSchedules, listSchedules, removeSchedule } from "../../domain/deployments/schedules.ts";
import { members, model, whole } from "../../http/request/body.ts";
import { float, integer, timestamp } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { newSchedule, scheduleChanges } from "./schedule-fields.ts";
import { presentSchedule, scheduleView } from "./view.ts";

const path = "/deployments/{id:uuid}/schedules";
const onePath = "/deployments/{id:uuid}/schedules/{schedule_id:uuid}";

export const deploymentScheduleRoutes = [
  route({
    method: "GET",
    path,
    summary: "Read Deployment Schedules",
    responses: { 200: z.array(scheduleView) },
    async handle({ params }, { store }) {
      return { status: 200, body: (await listSchedules(store.db, params.id)).map(presentSchedule) };
    },
  }),
  route({
    method: "POST",
    path,
    summary: "Create Deployment Schedules",
    body: whole(z.array(newSchedule)),
    responses: { 201: z.array(scheduleView) },
    async handle({ params, body }, context) {
      return { status: 201, body: (await createSchedules(context, params.id, body)).map(presentSchedule) };
    },
  }),
  route({
    method: "PATCH",
    path: onePath,
    summary: "Update Deployment Schedule",
    body: model(scheduleChanges),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeSchedule(context, params.id, params.schedule_id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: onePath,
    summary: "Delete Deployment Schedule",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeSchedule(context, params.id, params.schedule_id);
      return { status: 204 };
    },
  }),
  /** Creates scheduled runs at once, instead of waiting for the scheduler service. */
  route({
    method: "POST",
    path: "/deployments/{id:uuid}/schedule",
    summary: "Schedule Deployment",
    body: members({
      start_time: timestamp().optional(),
      end_time: timestamp().optional(),
      min_time: float().optional(),
      min_runs: integer().optional(),
      max_runs: integer().optional(),
    }),
    responses: { 200: view.json },
    async handle({ params, body }, context) {
      await scheduleDeployment(context, params.id, {
        from: body.start_time,
        until: body.end_time,
        minSeconds: body.min_time,
        minRuns: body.min_runs,
        maxRuns: body.max_runs,
      });
      return { status: 200, body: null };
    },
  }),
];
