import { check as checkContract } from "../../schema/check.ts";
import { COMPUTED, type ResourceContract } from "../../schema/define.ts";
import { equal, type JsonObject, type PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import { PrefectError } from "../client/errors/prefect-error.ts";
import { createOrAdopt } from "./create.ts";
import { type Decision, decide, needsServer, toSend } from "./decide.ts";
import { DeclaredKeys } from "./declared-keys.ts";
import { drifted, explain, gone, inUse, label, nameTaken, wroteAnother } from "./explain.ts";
import type { Lifecycle, RemoteObject, Scope } from "./lifecycle.ts";
import { preflight } from "./preflight.ts";
import type { Shared } from "./shared.ts";
import { appliedOf, keyOf, outputsOf, pick, pickDeclared, stateOf, targetOf } from "./state.ts";
import {
  type CheckRequest,
  type CheckResult,
  type CreateResult,
  type Operation,
  PartialCreateError,
  type ReadResult,
  type ResourceOperations,
} from "./types.ts";

/** What the resources of one engine share. */
export interface EngineContext {
  readonly shared: Shared;
  /** Opens the connection, with the first call. `attempt` is what a failure is said of. Throws: EngineError. */
  scope(operation: Operation, attempt: string): Scope;
  /** Problems with the severities that the configuration gives to their rules. */
  withSeverities(problems: Problem[]): Problem[];
}

/** The operations on resources of one kind: check, decide, and read – write – read, the same for every kind. What differs between
 *  kinds is in the lifecycle. */
export class ResourceEngine implements ResourceOperations {
  readonly #lifecycle: Lifecycle;
  readonly #context: EngineContext;

  constructor(lifecycle: Lifecycle, context: EngineContext) {
    this.#lifecycle = lifecycle;
    this.#context = context;
  }

  check({ program, resourceName, inState }: CheckRequest): CheckResult {
    const { contract } = this.#lifecycle;
    const operation = inState ? "update" : "create";
    const { declared, problems } = checkContract(contract, program, { resourceName, operation });
    const { shared } = this.#context;
    const twice = shared.of(DeclaredKeys).declare(contract, declared, resourceName);
    const contradictions = this.#lifecycle.recordDeclared?.(shared, declared) ?? [];
    return { inputs: declared, problems: this.#context.withSeverities([...problems, ...twice, ...contradictions]) };
  }

  async preflight(request: { applied?: JsonObject | undefined; declared: PlanObject } & Operation): Promise<Problem[]> {
    const { contract } = this.#lifecycle;
    const applied = request.applied && appliedOf(contract, request.applied);
    const open = () => this.#context.scope(request, `Planning a ${contract.kind}`);
    return this.#context.withSeverities(await preflight(this.#lifecycle, open, applied, request.declared));
  }

  diff({ olds, news }: { olds: JsonObject; news: PlanObject }): Decision {
    const { contract } = this.#lifecycle;
    const applied = appliedOf(contract, olds);
    const decision = decide(contract, news, applied, applied);
    // What does not change holds on the server: a write of another resource that moves it must put it back.
    if (decision.outcome !== "replace") this.#recordApplied(unchanged(contract, applied, decision));
    return decision;
  }

  preview({ olds, news }: { olds?: JsonObject | undefined; news: PlanObject }): PlanObject {
    return stateOf(news, olds === undefined ? {} : outputsOf(this.#lifecycle.contract, olds));
  }

  async create({ news: declared, ...operation }: { news: JsonObject } & Operation): Promise<CreateResult> {
    const lifecycle = this.#lifecycle;
    const attempt = `Creating ${label(lifecycle.contract, declared)}`;
    const scope = this.#context.scope(operation, `Creating a ${lifecycle.contract.kind}`);
    return scope.locks.run(lifecycle.lockKey?.(declared), async () => {
      const { object, outputs, adopted } = await createOrAdopt(lifecycle, scope, declared).catch((error: unknown) => {
        throw explain(error, attempt);
      });
      const created = { id: object.id, state: stateOf(declared, outputs) };
      const fields = Object.keys(declared);
      await lifecycle.afterWrite?.(scope, declared, { created: !adopted, fields }).catch((error: unknown) => {
        const summary = `${label(lifecycle.contract, declared)} exists, but finishing it failed`;
        throw partialCreate(created, explain(error, summary), summary);
      });
      this.#recordApplied(declared);
      return created;
    });
  }

  async read({
    id,
    state,
    ...operation
  }: { id: string; state?: JsonObject | undefined } & Operation): Promise<ReadResult | undefined> {
    const lifecycle = this.#lifecycle;
    const { contract } = lifecycle;
    const scope = this.#context.scope(operation, `Reading ${contract.kind} "${id}"`);
    const target = state === undefined ? lifecycle.importTarget(id) : targetOf(contract, state);
    const object = await lifecycle.read(scope, target).catch((error: unknown) => {
      throw explain(error, `Reading ${state === undefined ? `${contract.kind} "${id}"` : label(contract, state)}`);
    });
    if (object === undefined || isAnother(object, target.uuid)) return undefined;
    if (state === undefined) {
      const inputs = fieldsToImport(lifecycle, object);
      return { id: object.id, inputs, state: stateOf(inputs, object.outputs) };
    }
    const applied = appliedOf(contract, state);
    const directives = pick(applied, Object.keys(contract.directives));
    const inputs = { ...pickDeclared(contract, object.live, Object.keys(applied)), ...directives };
    return { id: object.id, inputs, state: stateOf(inputs, { ...outputsOf(contract, state), ...object.outputs }) };
  }

  async update({
    olds,
    news: declared,
    ...operation
  }: { olds: JsonObject; news: JsonObject } & Operation): Promise<JsonObject> {
    const lifecycle = this.#lifecycle;
    const { contract } = lifecycle;
    const applied = appliedOf(contract, olds);
    const planned = decide(contract, declared, applied, applied);
    const outputs = outputsOf(contract, olds);
    if (planned.outcome !== "none" && !needsServer(planned)) return stateOf(declared, outputs);
    const attempt = `Updating ${label(contract, applied)}`;
    const scope = this.#context.scope(operation, attempt);
    return scope.locks.run(lifecycle.lockKey?.(applied), async () => {
      try {
        const object = await readOwn(lifecycle, scope, olds, declared);
        // Of what was created partially nothing is confirmed: whatever is declared may still have to be sent.
        const unfinished = planned.outcome === "none";
        const decision = decide(contract, declared, unfinished ? {} : applied, object.live);
        const send = toSend(decision);
        const fields = Object.keys(send);
        let written: RemoteObject | undefined;
        if (fields.length > 0) {
          written = await lifecycle.update(scope, object, send, declared).catch((error: unknown) => {
            const taken = error instanceof PrefectError && error.code === "conflict";
            const renames = contract.naturalKey.some((key) => fields.includes(key));
            throw taken && renames ? nameTaken(contract, declared, attempt, error) : error;
          });
          if (lifecycle.writesByName === true) await confirmWritten(lifecycle, scope, object, declared);
        }
        // Hosts update what was created partially although nothing differs: then its create goes on.
        await lifecycle.afterWrite?.(scope, declared, { created: unfinished, fields });
        this.#recordApplied(declared);
        if (decision.drift.length > 0) scope.warn(drifted(contract, applied, decision.drift));
        return stateOf(declared, { ...outputs, ...(written ?? object).outputs });
      } catch (error) {
        throw explain(error, attempt);
      }
    });
  }

  async remove({ state, ...operation }: { state: JsonObject } & Operation): Promise<void> {
    const lifecycle = this.#lifecycle;
    const { contract } = lifecycle;
    this.#context.shared.of(DeclaredKeys).release(contract, state);
    if (lifecycle.deleteIsNoop === true) return;
    const what = label(contract, state);
    const scope = this.#context.scope(operation, `Deleting ${what}`);
    await scope.locks.run(lifecycle.lockKey?.(state), async () => {
      try {
        const target = targetOf(contract, state);
        const object = await lifecycle.read(scope, target);
        if (object === undefined) return;
        if (isAnother(object, target.uuid)) {
          scope.warn(
            `${what} was left alone: the object of the state is gone, and the one with its name is somebody else's.`,
          );
          return;
        }
        if (scope.adopted.has(contract.kind, object.uuid)) {
          scope.warn(
            `${what} was left alone: another resource of this program has just adopted it. If it is the same one under a new name, tell the host so with an alias, and nothing is deleted in the plan.`,
          );
          return;
        }
        const implicit = (await lifecycle.existsImplicitly?.(scope, object)) === true;
        const forced = typeof state.forceDelete === "boolean" ? state.forceDelete : scope.forceDelete;
        const users = implicit || forced ? [] : ((await lifecycle.usedBy?.(scope, object)) ?? []);
        if (users.length > 0) throw inUse(contract, state, users);
        await lifecycle.remove(scope, object, state, implicit);
        scope.adopted.drop(contract.kind, object.uuid);
      } catch (error) {
        throw explain(error, `Deleting ${what}`);
      }
    });
  }

  #recordApplied(declared: JsonObject): void {
    this.#lifecycle.recordApplied?.(this.#context.shared, declared);
  }
}

/** What a program would have to declare for an imported object: required fields, and whatever differs from what a create that sends
 *  nothing else leaves. */
function fieldsToImport(lifecycle: Lifecycle, { live }: RemoteObject): JsonObject {
  const fields = Object.entries(lifecycle.contract.fields);
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  const defaults = lifecycle.createDefaults?.(pick(live, required)) ?? {};
  const own = fields.flatMap(([name, { serverDefault }]) => {
    const value = live[name];
    if (serverDefault === undefined || serverDefault === COMPUTED || value === undefined) return [];
    return equal(value, serverDefault.value) || equal(value, defaults[name]) ? [] : [name];
  });
  return pickDeclared(lifecycle.contract, live, [...required, ...own]);
}

/** What was applied and stays so; the address always, for the object has it until it is written. */
function unchanged({ naturalKey }: ResourceContract, applied: JsonObject, { changes }: Decision): JsonObject {
  const changed = new Set(changes.map(({ field }) => field));
  const names = Object.keys(applied).filter((name) => naturalKey.includes(name) || !changed.has(name));
  return pick(applied, names);
}

/** The object of the state, and no other. Throws: EngineError when it is gone or somebody else's has its name. */
async function readOwn(
  lifecycle: Lifecycle,
  scope: Scope,
  olds: JsonObject,
  declared: JsonObject,
): Promise<RemoteObject> {
  const target = { ...targetOf(lifecycle.contract, olds), declared };
  const object = await lifecycle.read(scope, target);
  if (object !== undefined && !isAnother(object, target.uuid)) return object;
  const stranger = object ?? (await lifecycle.read(scope, { key: target.key, declared }));
  throw gone(lifecycle.contract, appliedOf(lifecycle.contract, olds), stranger, scope.api.url);
}

/** After a write by name. Throws: EngineError when somebody else's object had taken the name since ours was read. */
async function confirmWritten(
  lifecycle: Lifecycle,
  scope: Scope,
  { uuid, live }: RemoteObject,
  declared: JsonObject,
): Promise<void> {
  const key = keyOf(lifecycle.contract, live);
  const now = await lifecycle.read(scope, { key, declared }).catch((error: unknown) => {
    // The write succeeded: that it could not be looked at again does not fail it.
    if (error instanceof PrefectError) return undefined;
    throw error;
  });
  if (now !== undefined && isAnother(now, uuid)) throw wroteAnother(lifecycle.contract, live, now, scope.api.url);
}

/** Whether the object has the name of the one in the state, but is another one. */
function isAnother(object: RemoteObject, uuid: string | undefined): boolean {
  return uuid !== undefined && object.uuid !== uuid;
}

function partialCreate(created: CreateResult, cause: unknown, summary: string): unknown {
  if (!(cause instanceof Error)) return cause;
  const next = "It is kept in the state, and the next apply goes on with it.";
  return new PartialCreateError(created, summary, `${cause.message}\n${next}`, { cause });
}
