import type { JsonObject } from "../../json.ts";
import { bundledTypes, metadataOf } from "./worker-metadata.ts";

/** The worker types whose default template is bundled. */
export function workerTypes(): readonly string[] {
  return bundledTypes("3.8");
}

/** The default base job template of a worker type, as Prefect's minor version ships it; a fresh copy. `undefined` for a type
 *  without one. Throws: RangeError for a version that is not bundled. */
export function defaultTemplate(type: string, version = "3.8"): JsonObject | undefined {
  return metadataOf(type, version)?.default_base_job_configuration;
}
