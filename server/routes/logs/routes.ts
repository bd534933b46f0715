import { Readable } from "node:stream";
import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { addLogs, logsAsCsv } from "../../domain/logs.ts";
import { whole } from "../../http/request/body.ts";
import { oneOf } from "../../http/request/request-types.ts";
import { PlainText, view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { listLogs } from "../../store/queries/logs.ts";
import { flowRunById } from "../../store/queries/runs/flow-runs.ts";
import { listRoutes } from "../list-routes.ts";
import { logFilterBody, newLog, toLogFilter } from "./fields.ts";
import { logView, presentLog } from "./view.ts";

export const logRoutes = [
  route({
    method: "POST",
    path: "/logs/",
    summary: "Create Logs",
    body: whole(z.array(newLog)),
    responses: { 201: z.null() },
    async handle({ body }, context) {
      await addLogs(context, body);
      return { status: 201, body: null };
    },
  }),
  ...listRoutes({
    path: "/logs",
    title: "Logs",
    filters: { logs: logFilterBody.optional() },
    options: { sort: oneOf("TIMESTAMP_ASC", "TIMESTAMP_DESC").default("TIMESTAMP_ASC") },
    list: (db, { logs }, { sort }, page) => listLogs(db, logs === undefined ? {} : toLogFilter(logs), sort, page),
    view: logView,
    present: (rows) => rows.map(presentLog),
  }),
  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/logs/download",
    summary: "Download Logs",
    responses: { 200: view.plain },
    async handle({ params }, { store }) {
      const run = await flowRunById(store.db, params.id);
      if (run === undefined) throw new ApiError("not_found", "Flow run not found");
      const name = encodeURIComponent(`${run.name}-logs.csv`);
      return {
        status: 200,
        body: new PlainText(Readable.from(logsAsCsv(store.db, params.id)), "text/csv; charset=utf-8"),
        headers: { "content-disposition": `attachment; filename="flow-run-logs.csv"; filename*=UTF-8''${name}` },
      };
    },
  }),
];
