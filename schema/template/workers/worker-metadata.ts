import type { JsonObject } from "../../json.ts";
import { azureContainerInstance } from "../workers-3.8/azure-container-instance.ts";
import { cloudRun } from "../workers-3.8/cloud-run.ts";
import { cloudRunV2 } from "../workers-3.8/cloud-run-v2.ts";
import { docker } from "../workers-3.8/docker.ts";
import { ecs } from "../workers-3.8/ecs.ts";
import { kubernetes } from "../workers-3.8/kubernetes.ts";
import { process } from "../workers-3.8/process.ts";
import { vertexAi } from "../workers-3.8/vertex-ai.ts";

/** One worker type, in the words of the API's collections view. Structure and defaults are Prefect's; the descriptions are
 *  our own, and `logo_url` is empty: nothing here makes a browser fetch from elsewhere. */
export interface WorkerMetadata {
  type: string;
  default_base_job_configuration: JsonObject;
  display_name: string;
  description: string;
  logo_url: string;
  documentation_url: string;
  install_command: string;
  is_beta: boolean;
}

/** The worker's Python package, then its type. Functions, so that nothing is built before it is asked for. */
const BUNDLED: { [version: string]: { [package_: string]: { [type: string]: () => WorkerMetadata } } } = {
  "3.8": {
    prefect: { process },
    "prefect-aws": { ecs },
    "prefect-azure": { "azure-container-instance": azureContainerInstance },
    "prefect-docker": { docker },
    "prefect-gcp": { "cloud-run": cloudRun, "cloud-run-v2": cloudRunV2, "vertex-ai": vertexAi },
    "prefect-kubernetes": { kubernetes },
  },
};

/** What `GET /collections/views/aggregate-worker-metadata` answers: package -> worker type -> metadata; a fresh copy.
 *  Throws: RangeError for a version that is not bundled. */
export function workerMetadata(version = "3.8"): { [package_: string]: { [type: string]: WorkerMetadata } } {
  return Object.fromEntries(
    Object.entries(bundled(version)).map(([name, types]) => [
      name,
      Object.fromEntries(Object.entries(types).map(([type, build]) => [type, build()])),
    ]),
  );
}

/** One worker type's metadata, a fresh copy; `undefined` for a type that is not bundled. Throws: RangeError as above. */
export function metadataOf(type: string, version: string): WorkerMetadata | undefined {
  for (const types of Object.values(bundled(version))) {
    const build = Object.hasOwn(types, type) ? types[type] : undefined;
    if (build !== undefined) return build();
  }
  return undefined;
}

export function bundledTypes(version: string): string[] {
  return Object.values(bundled(version)).flatMap((types) => Object.keys(types));
}

function bundled(version: string) {
  const packages = Object.hasOwn(BUNDLED, version) ? BUNDLED[version] : undefined;
  if (packages !== undefined) return packages;
  const versions = Object.keys(BUNDLED).join(", ");
  throw new RangeError(`no worker types are bundled for Prefect ${version}; there are some for ${versions}`);
}
