import type { JsonObject } from "../../json.ts";
import azureContainerInstance from "./3.8/azure-container-instance.json" with { type: "json" };
import cloudRun from "./3.8/cloud-run.json" with { type: "json" };
import cloudRunV2 from "./3.8/cloud-run-v2.json" with { type: "json" };
import docker from "./3.8/docker.json" with { type: "json" };
import ecs from "./3.8/ecs.json" with { type: "json" };
import kubernetes from "./3.8/kubernetes.json" with { type: "json" };
import process from "./3.8/process.json" with { type: "json" };
import vertexAi from "./3.8/vertex-ai.json" with { type: "json" };

/** One worker type, as the API's collections view describes it. Structure and defaults are Prefect's; the descriptions are
 *  our own, and `logo_url` is empty, so that no browser fetches a logo from elsewhere. */
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

/** Python package -> worker type -> metadata. */
type WorkerPackages = { [packageName: string]: { [type: string]: WorkerMetadata } };

/** By Prefect's minor version. */
const BUNDLED = {
  "3.8": {
    prefect: { process },
    "prefect-aws": { ecs },
    "prefect-azure": { "azure-container-instance": azureContainerInstance },
    "prefect-docker": { docker },
    "prefect-gcp": { "cloud-run": cloudRun, "cloud-run-v2": cloudRunV2, "vertex-ai": vertexAi },
    "prefect-kubernetes": { kubernetes },
  },
} as { [version: string]: WorkerPackages };

/** What `GET /collections/views/aggregate-worker-metadata` answers; a fresh copy. Throws: RangeError for a version that is not
 *  bundled. */
export function workerMetadata(version = "3.8"): WorkerPackages {
  return structuredClone(bundledPackages(version));
}

/** The worker types whose default template is bundled. Throws: RangeError, as above. */
export function workerTypes(version = "3.8"): readonly string[] {
  return Object.values(bundledPackages(version)).flatMap((types) => Object.keys(types));
}

/** The default base job template of a worker type, as Prefect's minor version ships it; a fresh copy. `undefined` for a type
 *  without one. Throws: RangeError, as above. */
export function defaultTemplate(type: string, version = "3.8"): JsonObject | undefined {
  const types = Object.values(bundledPackages(version)).find((each) => Object.hasOwn(each, type));
  return structuredClone(types?.[type]?.default_base_job_configuration);
}

function bundledPackages(version: string): WorkerPackages {
  const packages = Object.hasOwn(BUNDLED, version) ? BUNDLED[version] : undefined;
  if (packages !== undefined) return packages;
  const versions = Object.keys(BUNDLED).join(", ");
  throw new RangeError(`no worker types are bundled for Prefect ${version}; there are some for ${versions}`);
}
