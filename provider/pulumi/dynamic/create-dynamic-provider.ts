import type { ProviderSettings } from "../../../schema/config.ts";
import type { Engine } from "../../engine/types.ts";
import type { PropertyMap, PropertyValue } from "../codec.ts";
import { type CheckFailure, type ResourceAdapter, resourceAdapter } from "../resource-adapter.ts";
import { validSettings } from "../settings.ts";
import { toDynamicError } from "./dynamic-error.ts";

export interface DynamicProvider {
  handler(kind: string): DynamicResourceProvider;
}

/** The methods that Pulumi's dynamic provider server calls (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider). `olds` are outputs, except
 *  in check, where they are inputs. Properties contain `__provider`, the code of provider-code.ts. */
export interface DynamicResourceProvider {
  configure(request: { config: { get(key: string): unknown } }): Promise<void>;
  check(olds: PropertyMap, news: PropertyMap): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(id: string, olds: PropertyMap, news: PropertyMap): Promise<DynamicDiff>;
  create(news: PropertyMap): Promise<{ id: string; outs: PropertyMap }>;
  read(id: string, olds: PropertyMap): Promise<{ id: string; props: PropertyMap; inputs?: PropertyMap }>;
  update(id: string, olds: PropertyMap, news: PropertyMap): Promise<{ outs: PropertyMap }>;
  delete(id: string, olds: PropertyMap): Promise<void>;
}

export interface DynamicDiff {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

export interface DynamicProviderOptions {
  openEngine: (settings: ProviderSettings) => Engine;
  /** Shown to the user. */
  warn: (message: string) => void;
}

/** One process serves all resources of an operation, so all kinds share one engine. */
export function createDynamicProvider({ openEngine, warn }: DynamicProviderOptions): DynamicProvider {
  let config: (key: string) => PropertyValue = () => undefined;
  let engine: Engine | undefined;

  function sharedEngine(): Engine {
    engine ??= openEngine(validSettings(config));
    return engine;
  }

  function handler(kind: string): DynamicResourceProvider {
    async function run<Result>(
      operation: (adapter: ResourceAdapter) => Result | Promise<Result>,
      code: PropertyValue = undefined,
    ): Promise<Result> {
      let adapter: ResourceAdapter | undefined;
      try {
        adapter = resourceAdapter(kind, sharedEngine());
        return await operation(adapter);
      } catch (error) {
        throw toDynamicError(error, (state) => ({ ...adapter?.outputs(state), __provider: code }));
      }
    }

    return {
      // The server passes this object to other calls before the promise settles: nothing may be awaited here.
      async configure(request) {
        config = (name) => request.config.get(name.includes(":") ? name : `prefect:${name}`);
      },
      check: (olds, news) => run((adapter) => adapter.check({ olds, news, warn })),
      diff: (_id, olds, news) =>
        run((adapter) => {
          const decision = adapter.diff({ olds, news });
          return {
            // A resource that comes from the plugin has no code in its outputs, so it could be neither refreshed nor destroyed: one
            // update, which sends no request, adds the code.
            changes: decision.outcome !== "none" || olds.__provider === undefined,
            replaces: decision.changes.filter((change) => change.replaces).map((change) => change.field),
            deleteBeforeReplace: decision.deleteBeforeReplace,
          };
        }),
      create: (news) =>
        run(async (adapter) => {
          const { id, outputs } = await adapter.create({ news, warn });
          return { id, outs: outputs };
        }, news.__provider),
      read: (id, olds) =>
        run(async (adapter) => {
          const found = await adapter.read({ id, olds, warn });
          // An empty id: the object does not exist.
          if (found === undefined) return { id: "", props: {} };
          return { id: found.id, props: found.outputs, inputs: found.inputs };
        }, olds.__provider),
      update: (_id, olds, news) =>
        run(async (adapter) => ({ outs: await adapter.update({ olds, news, warn }) }), news.__provider),
      delete: (_id, olds) => run((adapter) => adapter.remove({ olds, warn }), olds.__provider),
    };
  }

  return { handler };
}
