import { z } from "zod";
import { defineResource, field, output } from "../define.ts";
import { lintTemplateField } from "../template/lint/lint-template-field.ts";
import { adopt, forceDelete } from "./directives.ts";
import { document, limit, poolName, timestamp, uuid } from "./types.ts";
import { knownWorkerType } from "./worker-type.ts";

const storageConfiguration = z.strictObject({
  bundleUploadStep: document
    .optional()
    .describe("The step that uploads a bundle of the flow's code, as Prefect's client writes it."),
  bundleExecutionStep: document.optional().describe("The step that downloads and runs a bundle."),
  defaultResultStorageBlockId: uuid.optional().describe("UUID of the block document that stores results by default."),
});

export const workPool = defineResource({
  kind: "WorkPool",
  doc: "A work pool: where flow runs wait for workers of one infrastructure type. The server makes a queue named `default` in each new pool.",
  importId: "the pool's name or its UUID",
  naturalKey: ["name"],
  identity: "workPoolId",
  fields: {
    name: field(poolName, {
      doc: "Name of the pool, unique on the server. Must not start with `prefect` and must not contain any of `/ % & < >`.",
      required: true,
      onChange: "replace",
      defaultsToResourceName: true,
    }),
    type: field(z.string().min(1, { error: "must not be empty" }), {
      doc: "Type of worker that serves the pool, for instance `process`, `docker` or `kubernetes`. Custom worker types are possible.",
      required: true,
      onChange: "replace",
    }),
    description: field(z.string(), {
      doc: "What the pool is for.",
      removed: { set: null },
      serverDefault: { value: null },
    }),
    isPaused: field(z.boolean(), {
      doc: "Whether the pool is paused: its runs wait, whatever the workers do. Leave it out, and a pause set by an operator survives every update.",
      removed: "keep",
      serverDefault: { value: false },
    }),
    concurrencyLimit: field(limit, {
      doc: "Most flow runs at once in the whole pool, 0 or more. Absent: no limit.",
      removed: { set: null },
      serverDefault: { value: null },
    }),
    baseJobTemplate: field(document, {
      doc: "The base job template: an object with `job_configuration` and `variables`, in Prefect's own spelling, kept key by key. A JSON string is accepted too. A new pool that declares none gets the default template of its worker type.",
      removed: "keep",
      serverDefault: { value: {} },
      acceptsJsonText: true,
    }),
    storageConfiguration: field(storageConfiguration, {
      doc: "Where bundles of flow code and results are stored.",
      removed: "keep",
      serverDefault: { value: {} },
      objectKeys: {
        bundleUploadStep: "bundle_upload_step",
        bundleExecutionStep: "bundle_execution_step",
        defaultResultStorageBlockId: "default_result_storage_block_id",
      },
      // A UUID in capitals is the same one, and comes back in small letters.
      normalize(value) {
        const id = value.defaultResultStorageBlockId;
        return typeof id === "string" ? { ...value, defaultResultStorageBlockId: id.toLowerCase() } : value;
      },
    }),
  },
  directives: { adopt, forceDelete },
  outputs: {
    workPoolId: output(uuid, { doc: "UUID of the pool.", apiName: "id" }),
    defaultQueueId: output(uuid, { doc: "UUID of the queue the server made with the pool, whatever its name is now." }),
    created: output(timestamp, { doc: "When the server made the pool." }),
  },
  rules: [lintTemplateField("baseJobTemplate"), knownWorkerType],
});
