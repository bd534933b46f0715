import { COMPUTED } from "../../schema/define.ts";
import { equal, type JsonObject } from "../../schema/json.ts";
import { PrefectError } from "../client/errors/prefect-error.ts";
import { createOrAdopt } from "./create.ts";
import { decide, needsServer, toSend } from "./decide.ts";
import { explain, gone, inUse, label, nameTaken } from "./explain.ts";
import type { Lifecycle, RemoteObject, Scope } from "./lifecycle.ts";
import { appliedOf, outputsOf, pick, stateOf, targetOf } from "./state.ts";
import { type CreateResult, PartialCreateError, type ReadResult } from "./types.ts";

/** Observe, act, observe: what every kind of resource goes through. `declared` is always what check answered. */

export async function create(life: Lifecycle, scope: Scope, declared: JsonObject): Promise<CreateResult> {
  const attempt = `Creating ${label(life.contract, declared)}`;
  return scope.locks.run(life.lockKey?.(declared), async () => {
    const { seen, facts, adopted } = await createOrAdopt(life, scope, declared).catch((error: unknown) => {
      throw explain(error, attempt);
    });
    const made = { id: seen.id, state: stateOf(declared, facts) };
    const fields = Object.keys(declared);
    await life.afterWrite?.(scope, declared, { created: !adopted, fields }).catch((error: unknown) => {
      throw halfMade(made, error, `${label(life.contract, declared)} exists, but finishing it failed`);
    });
    life.recordApplied?.(scope.declarations, declared);
    return made;
  });
}

export async function read(
  life: Lifecycle,
  scope: Scope,
  id: string,
  state: JsonObject | undefined,
): Promise<ReadResult | undefined> {
  const { contract } = life;
  const target = state === undefined ? life.importTarget(id) : targetOf(contract, state);
  const seen = await life.read(scope, target).catch((error: unknown) => {
    throw explain(error, `Reading ${state === undefined ? `${contract.kind} "${id}"` : label(contract, state)}`);
  });
  if (seen === undefined) return undefined;
  if (target.uuid !== undefined && seen.uuid !== target.uuid) return undefined;
  if (state === undefined) {
    const inputs = importFields(life, seen);
    return { id: seen.id, inputs, state: stateOf(inputs, seen.outputs) };
  }
  const applied = appliedOf(contract, state);
  const directives = pick(applied, Object.keys(contract.directives));
  const inputs = { ...pick(seen.live, Object.keys(applied)), ...directives };
  return { id: seen.id, inputs, state: stateOf(inputs, { ...outputsOf(contract, state), ...seen.outputs }) };
}

/** What a program would have to declare for an imported object: required fields, and whatever is not as a create that sends
 *  nothing else leaves it. */
function importFields(life: Lifecycle, seen: RemoteObject): JsonObject {
  const fields = Object.entries(life.contract.fields);
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  const initial = life.createDefaults?.(pick(seen.live, required)) ?? {};
  const own = fields.flatMap(([name, { serverDefault: birth }]) => {
    const value = seen.live[name];
    if (birth === undefined || birth === COMPUTED || value === undefined) return [];
    return equal(value, birth.value) || equal(value, initial[name]) ? [] : [name];
  });
  return pick(seen.live, [...required, ...own]);
}

export async function update(
  life: Lifecycle,
  scope: Scope,
  olds: JsonObject,
  declared: JsonObject,
): Promise<JsonObject> {
  const { contract } = life;
  const applied = appliedOf(contract, olds);
  const planned = decide(contract, declared, applied, applied);
  const facts = outputsOf(contract, olds);
  if (planned.outcome !== "none" && !needsServer(planned)) return stateOf(declared, facts);
  const attempt = `Updating ${label(contract, applied)}`;
  return scope.locks.run(life.lockKey?.(applied), async () => {
    try {
      const seen = await observeOurs(life, scope, olds, declared);
      const send = toSend(decide(contract, declared, applied, seen.live));
      const fields = Object.keys(send);
      if (fields.length > 0) {
        await life.update(scope, seen, send, declared).catch((error: unknown) => {
          const taken = error instanceof PrefectError && error.code === "conflict";
          const renames = contract.naturalKey.some((key) => fields.includes(key));
          throw taken && renames ? nameTaken(contract, declared, attempt, error) : error;
        });
      }
      // Hosts update what was half made although nothing differs: then its create goes on.
      await life.afterWrite?.(scope, declared, { created: planned.outcome === "none", fields });
      life.recordApplied?.(scope.declarations, declared);
      return stateOf(declared, { ...facts, ...seen.outputs });
    } catch (error) {
      throw explain(error, attempt);
    }
  });
}

/** The object of the state, and no other. Throws: EngineError when it is gone or somebody else's has its place. */
async function observeOurs(
  life: Lifecycle,
  scope: Scope,
  olds: JsonObject,
  declared: JsonObject,
): Promise<RemoteObject> {
  const target = { ...targetOf(life.contract, olds), declared };
  const seen = await life.read(scope, target);
  if (seen !== undefined && (target.uuid === undefined || seen.uuid === target.uuid)) return seen;
  const stranger = seen ?? (await life.read(scope, { key: target.key, declared }));
  throw gone(life.contract, appliedOf(life.contract, olds), stranger, scope.api.url);
}

export async function remove(life: Lifecycle, scope: Scope, state: JsonObject): Promise<void> {
  const { contract } = life;
  if (life.deleteIsNoop === true) return;
  const what = label(contract, state);
  await scope.locks.run(life.lockKey?.(state), async () => {
    try {
      const target = targetOf(contract, state);
      const seen = await life.read(scope, target);
      if (seen === undefined) return;
      if (target.uuid !== undefined && seen.uuid !== target.uuid) {
        scope.warn(
          `${what} was left alone: the object of the state is gone, and the one with its name is somebody else's.`,
        );
        return;
      }
      if (scope.adopted.has(contract.kind, seen.uuid)) {
        scope.warn(
          `${what} was left alone: another resource of this program has just taken it over. If it is the same one under a new name, tell the host so with an alias, and nothing is deleted in the plan.`,
        );
        return;
      }
      const born = (await life.born?.(scope, seen)) === true;
      const forced = typeof state.forceDelete === "boolean" ? state.forceDelete : scope.forceDelete;
      const users = born || forced ? [] : ((await life.usedBy?.(scope, seen)) ?? []);
      if (users.length > 0) throw inUse(contract, state, users);
      await life.remove(scope, seen, state, born);
      scope.adopted.drop(contract.kind, seen.uuid);
    } catch (error) {
      throw explain(error, `Deleting ${what}`);
    }
  });
}

function halfMade(made: CreateResult, error: unknown, summary: string): unknown {
  const explained = explain(error, summary);
  if (!(explained instanceof Error)) return error;
  const next = "It is kept in the state, and the next apply goes on with it.";
  return new PartialCreateError(made, summary, `${explained.message}\n${next}`, { cause: error });
}
