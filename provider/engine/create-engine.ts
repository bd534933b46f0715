import { withSeverities } from "../../schema/template/template-rules.ts";
import type { PrefectApi } from "../client/api.ts";
import {
  ConfigError,
  connect,
  type Environment,
  type RawSettings,
  type ResolvedSettings,
  resolveSettings,
} from "../client/index.ts";
import { AdoptedObjects } from "./adopted-objects.ts";
import { explain } from "./explain.ts";
import { KeyedMutex } from "./keyed-mutex.ts";
import type { Resources, Scope } from "./lifecycle.ts";
import { type EngineContext, ResourceEngine } from "./resource-engine.ts";
import { Shared } from "./shared.ts";
import type { Engine } from "./types.ts";

export interface EngineOptions {
  /** What the provider was configured with explicitly. The environment and the profile are read at the first request. */
  settings: RawSettings;
  environment: Environment;
  /** The kinds and functions to serve (provider/resources). */
  resources: Resources;
  /** Told to the user when no operation is under way that could tell it. */
  warn?: ((message: string) => void) | undefined;
}

/** The provider without a host. One engine is one configuration; resources of all kinds share its connection and what it knows of the
 *  program. Making one sends nothing and reads nothing. */
export function createEngine({ settings, environment, resources, ...options }: EngineOptions): Engine {
  const common = { adopted: new AdoptedObjects(), shared: new Shared(), locks: new KeyedMutex() };
  const engines = new Map<string, ResourceEngine>();
  let resolved: ResolvedSettings | undefined;
  let api: PrefectApi | undefined;

  function resolve(): ResolvedSettings {
    resolved ??= resolveSettings(settings, environment);
    return resolved;
  }

  const context: EngineContext = {
    shared: common.shared,

    scope(operation, attempt): Scope {
      try {
        const warn = operation.warn ?? options.warn ?? (() => {});
        const { adopt, forceDelete, contractCheck } = resolve();
        api ??= connect(resolve(), { warn: options.warn });
        return { api, adopt, forceDelete, contractCheck, ...common, call: { signal: operation.signal }, warn };
      } catch (error) {
        throw explain(error, attempt);
      }
    },

    /** A setting that cannot be used is reported by the first request, on the resource that needs it. */
    withSeverities(problems) {
      try {
        return withSeverities(problems, resolve().lintRules);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return problems;
      }
    },
  };

  return {
    resource(kind) {
      const existing = engines.get(kind);
      if (existing !== undefined) return existing;
      const engine = new ResourceEngine(resources.lifecycleOf(kind), context);
      engines.set(kind, engine);
      return engine;
    },

    async call({ name, args, ...operation }) {
      const attempt = `Calling ${name}`;
      try {
        return await resources.callFunction(name, args, () => context.scope(operation, attempt));
      } catch (error) {
        throw explain(error, attempt);
      }
    },

    async close() {
      await api?.close();
      api = undefined;
    },
  };
}
