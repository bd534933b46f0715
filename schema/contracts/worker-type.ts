import type { PlanObject } from "../json.ts";
import { nearestName } from "../nearest-name.ts";
import type { Problem } from "../problem.ts";
import { workerTypes } from "../template/workers/worker-metadata.ts";

/** Types of pools that no worker bundled with Prefect serves, but that exist (push and managed pools of Prefect Cloud,
 *  and the agent pools of Prefect 2). */
const OTHER_TYPES = [
  "prefect-agent",
  "prefect:managed",
  "ecs:push",
  "cloud-run:push",
  "cloud-run-v2:push",
  "azure-container-instance:push",
  "modal:push",
  "coiled:push",
];

/** Warns about a type that is one or two letters away from a known one: the server accepts any. */
export function knownWorkerType(declared: PlanObject): Problem[] {
  const { type } = declared;
  const knownTypes = [...workerTypes(), ...OTHER_TYPES];
  if (typeof type !== "string" || knownTypes.includes(type)) return [];
  const near = nearestName(type, knownTypes);
  if (near === undefined) return [];
  return [
    {
      rule: "type/unknown",
      severity: "warning",
      path: ["type"],
      message: `is not a worker type that Prefect ships; did you mean "${near}"? No worker will serve a pool of a type it does not know`,
    },
  ];
}
