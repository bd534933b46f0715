import { check as checkContract } from "../../schema/check.ts";
import type { JsonObject, PlanObject } from "../../schema/json.ts";
import { withSeverities } from "../../schema/template/rules.ts";
import type { PrefectApi } from "../client/api.ts";
import {
  ConfigError,
  connect,
  type Environment,
  type GivenSettings,
  type ResolvedSettings,
  resolveSettings,
} from "../client/index.ts";
import { callFunction } from "../resources/functions.ts";
import { lifecycleOf } from "../resources/index.ts";
import { AdoptedObjects } from "./adopted-objects.ts";
import { create, read, remove, update } from "./converge.ts";
import { decide } from "./decide.ts";
import { explain } from "./explain.ts";
import { KeyedMutex } from "./keyed-mutex.ts";
import type { Scope } from "./lifecycle.ts";
import { inspect } from "./preflight.ts";
import { SharedDeclarations } from "./shared-declarations.ts";
import { appliedOf, outputsOf, stateOf } from "./state.ts";
import type { Engine, Operation } from "./types.ts";

export { type Environment, thisMachine } from "../client/index.ts";
export type { Decision, FieldChange } from "./decide.ts";
export * from "./types.ts";

export interface EngineOptions {
  /** What the provider was configured with explicitly. The environment and the profile are read at the first request. */
  settings: GivenSettings;
  environment: Environment;
  /** Told to the user when no operation is under way that could tell it. */
  warn?: ((message: string) => void) | undefined;
}

/** The provider without a host. One engine is one configuration; resources of all kinds share its connection, and what it knows of the
 *  program. Making one sends nothing and reads nothing. */
export function createEngine(options: EngineOptions): Engine {
  const { settings } = options;
  const shared = { adopted: new AdoptedObjects(), declarations: new SharedDeclarations(), locks: new KeyedMutex() };
  let resolved: ResolvedSettings | undefined;
  let api: PrefectApi | undefined;

  function resolve(): ResolvedSettings {
    resolved ??= resolveSettings(settings, options.environment);
    return resolved;
  }

  /** A setting that cannot be used is told at the first request, on the resource that needs it. */
  function lintRules(): ResolvedSettings["lintRules"] {
    try {
      return resolve().lintRules;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return {};
    }
  }

  function scopeOf(operation: Operation, attempt: string): Scope {
    try {
      const warn = operation.warn ?? options.warn ?? (() => {});
      const { adopt, forceDelete, contractCheck } = resolve();
      api ??= connect(resolve(), { warn: options.warn });
      return { api, adopt, forceDelete, contractCheck, ...shared, call: { signal: operation.signal }, warn };
    } catch (error) {
      throw explain(error, attempt);
    }
  }

  return {
    check({ kind, program: given, resourceName, inState: exists }) {
      const life = lifecycleOf(kind);
      const context = { resourceName, operation: exists ? ("update" as const) : ("create" as const) };
      const { declared, problems } = checkContract(life.contract, given, context);
      const contradictions = life.recordDeclared?.(shared.declarations, declared) ?? [];
      return { inputs: declared, problems: withSeverities([...problems, ...contradictions], lintRules()) };
    },

    async preflight({ kind, applied, declared, ...operation }) {
      const life = lifecycleOf(kind);
      const old = applied && appliedOf(life.contract, applied);
      const problems = await inspect(life, () => scopeOf(operation, `Planning a ${kind}`), old, declared);
      return withSeverities(problems, lintRules());
    },

    diff({ kind, olds, news }) {
      const life = lifecycleOf(kind);
      const applied = appliedOf(life.contract, olds);
      const decision = decide(life.contract, news, applied, applied);
      if (decision.outcome === "none") life.recordApplied?.(shared.declarations, applied);
      return decision;
    },

    preview({ kind, olds, news }): PlanObject {
      return stateOf(news, olds === undefined ? {} : outputsOf(lifecycleOf(kind).contract, olds));
    },

    async create({ kind, news, ...operation }) {
      return create(lifecycleOf(kind), scopeOf(operation, `Creating a ${kind}`), news);
    },

    async read({ kind, id, state, ...operation }) {
      return read(lifecycleOf(kind), scopeOf(operation, `Reading ${kind} "${id}"`), id, state);
    },

    async update({ kind, id, olds, news, ...operation }) {
      return update(lifecycleOf(kind), scopeOf(operation, `Updating ${kind} "${id}"`), olds, news);
    },

    async remove({ kind, id, state, ...operation }) {
      await remove(lifecycleOf(kind), scopeOf(operation, `Deleting ${kind} "${id}"`), state);
    },

    async call({ name, args, ...operation }): Promise<JsonObject> {
      try {
        return await callFunction(name, args, async () => scopeOf(operation, `Calling ${name}`));
      } catch (error) {
        throw explain(error, `Calling ${name}`);
      }
    },

    async close() {
      await api?.close();
      api = undefined;
    },
  };
}
