import { createWorkPool } from "../../domain/work-pools/work-pools.ts";
import { model } from "../../http/request/body.ts";
import { document, flag, integer, text } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { poolName, storageConfiguration } from "./fields.ts";
import { checkTemplate } from "./template.ts";
import { presentWorkPool, workPoolView } from "./view.ts";

const body = model({
  name: poolName(),
  description: text().nullable().default(null),
  type: text().default("prefect-agent"),
  base_job_template: document().default({}),
  is_paused: flag().default(false),
  concurrency_limit: integer({ ge: 0 }).nullable().default(null),
  storage_configuration: storageConfiguration().default({
    bundle_upload_step: null,
    bundle_execution_step: null,
    default_result_storage_block_id: null,
  }),
});

export const createWorkPoolRoute = route({
  method: "POST",
  path: "/work_pools/",
  summary: "Create Work Pool",
  body,
  responses: { 201: workPoolView },
  async handle({ body, headers }, context) {
    checkTemplate(body.base_job_template, { operation: "create", poolType: body.type });
    const pool = await createWorkPool(context, body);
    return { status: 201, body: await presentWorkPool(context.store.db, pool, headers) };
  },
});
