import { z } from "zod";
import { document, name, uuid } from "../../http/request/request-types.ts";

/** A pool's name: as any name, and something but blank space and quotes. */
export function poolName() {
  return name({
    checkFirst: (value) => (/^['" ]*$/.test(value) ? "name cannot be an empty string" : undefined),
  });
}

export function storageConfiguration() {
  return z.strictObject({
    bundle_upload_step: document().nullable().default(null),
    bundle_execution_step: document().nullable().default(null),
    default_result_storage_block_id: uuid().nullable().default(null),
  });
}
