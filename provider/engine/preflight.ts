import { hasUnknown, type JsonObject, type PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import { PrefectError } from "../client/errors/prefect-error.ts";
import { decide } from "./decide.ts";
import { replacesInUse } from "./explain.ts";
import type { Lifecycle, Scope } from "./lifecycle.ts";
import { targetOf } from "./state.ts";
import { EngineError } from "./types.ts";

/** What a plan would do to work that exists, before anything is changed. `open` connects; it is called only when there is something to
 *  request. A server that cannot be reached fails no plan: it is a warning. */
export async function preflight(
  lifecycle: Lifecycle,
  open: () => Scope,
  applied: JsonObject | undefined,
  declared: PlanObject,
): Promise<Problem[]> {
  try {
    const replaced = applied === undefined ? undefined : replacedBy(lifecycle, applied, declared);
    if (applied !== undefined && replaced !== undefined) return await replacement(lifecycle, open, applied, replaced);
    return (await lifecycle.planChecks?.(open, applied, declared)) ?? [];
  } catch (error) {
    if (!(error instanceof PrefectError) && !(error instanceof EngineError)) throw error;
    const message = `Whether the change breaks or deletes what deployments use could not be found out: ${error.message}`;
    return [{ rule: "not-inspected", severity: "warning", path: [], message }];
  }
}

/** The field whose change makes a new object. An unknown one may turn out to be what it was. */
function replacedBy(lifecycle: Lifecycle, applied: JsonObject, declared: PlanObject): string | undefined {
  const { changes } = decide(lifecycle.contract, declared, applied, applied);
  return changes.find(({ field, replaces }) => replaces && !hasUnknown(declared[field]))?.field;
}

/** The old object's delete would be refused, but only after the host has deleted what depends on it. */
async function replacement(
  lifecycle: Lifecycle,
  open: () => Scope,
  applied: JsonObject,
  field: string,
): Promise<Problem[]> {
  if (lifecycle.usedBy === undefined || applied.forceDelete === true) return [];
  const scope = open();
  if (scope.forceDelete && applied.forceDelete !== false) return [];
  const object = await lifecycle.read(scope, targetOf(lifecycle.contract, applied));
  if (object === undefined || (await lifecycle.existsImplicitly?.(scope, object)) === true) return [];
  const users = await lifecycle.usedBy(scope, object);
  return users.length === 0 ? [] : [replacesInUse(lifecycle.contract, applied, field, users)];
}
