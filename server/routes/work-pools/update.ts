import { changeWorkPool } from "../../domain/work-pools/work-pools.ts";
import { model } from "../../http/request/body.ts";
import { document, flag, integer, text } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { storageConfiguration } from "./fields.ts";
import { checkTemplate } from "./template.ts";

/** Upstream takes null for each of these and then fails (500) or runs into its own columns (409); here null is refused (422)
 *  wherever there is nothing that it could mean. */
const body = model({
  description: text().nullable().optional(),
  is_paused: flag().optional(),
  base_job_template: document().optional(),
  concurrency_limit: integer({ ge: 0 }).nullable().optional(),
  storage_configuration: storageConfiguration().optional(),
});

export const updateWorkPoolRoute = route({
  method: "PATCH",
  path: "/work_pools/{name}",
  summary: "Update Work Pool",
  body,
  responses: { 204: null },
  async handle({ params, body }, context) {
    if (body.base_job_template !== undefined) checkTemplate(body.base_job_template, { operation: "update" });
    await changeWorkPool(context, params.name, body);
    return { status: 204 };
  },
});
