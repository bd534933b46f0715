import { hasUnknown, type JsonObject, type PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import { PrefectError } from "../client/errors/prefect-error.ts";
import { decide, type FieldChange } from "./decide.ts";
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
  const changes = applied === undefined ? [] : decide(lifecycle.contract, declared, applied, applied).changes;
  const replaced = replacedBy(changes, declared);
  const known = replaced === undefined ? changes.filter(({ reason }) => reason === "released").map(released) : [];
  try {
    if (applied !== undefined && replaced !== undefined) return await replacement(lifecycle, open, applied, replaced);
    return [...known, ...((await lifecycle.planChecks?.(open, applied, declared)) ?? [])];
  } catch (error) {
    if (!(error instanceof PrefectError) && !(error instanceof EngineError)) throw error;
    const message = `Whether the change breaks or deletes what deployments use could not be found out: ${error.message}`;
    return [...known, { rule: "not-inspected", severity: "warning", path: [], message }];
  }
}

/** A host shows a deleted line as a removal, and nothing is removed. */
function released({ field }: FieldChange): Problem {
  const message =
    "is not declared any more, and so not managed any more: it stays as it is on the server. To change it there, declare the new value instead";
  return { rule: "released", severity: "warning", path: [field], message };
}

/** The field whose change makes a new object. An unknown one may turn out to be what it was. */
function replacedBy(changes: readonly FieldChange[], declared: PlanObject): string | undefined {
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
