import type { ProviderSettings } from "../../../schema/config.ts";
import { formatProblem } from "../../../schema/problem.ts";
import type { Engine } from "../../engine/types.ts";
import { ProviderFailure } from "../failure.ts";
import { type CheckFailure, type ResourceAdapter, resourceAdapter } from "../resource-adapter.ts";
import { readSettings } from "../settings.ts";
import type { Wire, WireObject } from "../wire.ts";
import { toThrow } from "./failure.ts";

/** What Pulumi's dynamic provider server calls (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider). `olds` are outputs, except in
 *  check, where they are inputs. Properties carry `__provider`, the code of provider-code.ts. */
export interface DynamicProvider {
  configure(request: { config: { get(key: string): unknown } }): Promise<void>;
  check(olds: WireObject, news: WireObject): Promise<{ inputs: WireObject; failures: CheckFailure[] }>;
  diff(id: string, olds: WireObject, news: WireObject): Promise<DynamicDiff>;
  create(news: WireObject): Promise<{ id: string; outs: WireObject }>;
  read(id: string, olds: WireObject): Promise<{ id: string; props: WireObject; inputs?: WireObject }>;
  update(id: string, olds: WireObject, news: WireObject): Promise<{ outs: WireObject }>;
  delete(id: string, olds: WireObject): Promise<void>;
}

export interface DynamicDiff {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

export interface DynamicDoorOptions {
  openEngine: (settings: ProviderSettings) => Engine;
  /** Told to the user. */
  warn: (message: string) => void;
}

/** The dynamic adapter: one process serves all resources of an operation, so all kinds share one engine. */
export function dynamicDoor({ openEngine, warn }: DynamicDoorOptions): { handler(kind: string): DynamicProvider } {
  let configuration: (key: string) => Wire = () => undefined;
  let engine: Engine | undefined;

  function shared(): Engine {
    if (engine === undefined) {
      const { settings, problems } = readSettings(configuration);
      if (problems.length > 0) {
        throw new ProviderFailure(
          `The configuration under \`prefect:\` cannot be used. ${problems.map(formatProblem).join("; ")}`,
        );
      }
      engine = openEngine(settings);
    }
    return engine;
  }

  function handler(kind: string): DynamicProvider {
    async function run<Result>(
      operation: (adapter: ResourceAdapter) => Result | Promise<Result>,
      provider: Wire = undefined,
    ): Promise<Result> {
      let adapter: ResourceAdapter | undefined;
      try {
        adapter = resourceAdapter(kind, shared());
        return await operation(adapter);
      } catch (error) {
        throw toThrow(error, (state) => ({ ...adapter?.outputs(state), __provider: provider }));
      }
    }

    return {
      // The server hands this object to other calls before a promise from here settles: nothing may wait in it.
      async configure({ config }) {
        configuration = (name) => config.get(name.includes(":") ? name : `prefect:${name}`);
      },
      check: (olds, news) => run((adapter) => adapter.check({ olds, news, warn })),
      diff: (_id, olds, news) =>
        run((adapter) => {
          const decision = adapter.diff({ olds, news });
          return {
            // A resource that comes from the native adapter has no code in its outputs, and could not be refreshed or destroyed
            // without: one update, which sends nothing, puts it there.
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
          const seen = await adapter.read({ id, olds, warn });
          // An empty id: gone.
          return seen === undefined ? { id: "", props: {} } : { id: seen.id, props: seen.outputs, inputs: seen.inputs };
        }, olds.__provider),
      update: (_id, olds, news) =>
        run(async (adapter) => ({ outs: await adapter.update({ olds, news, warn }) }), news.__provider),
      delete: (_id, olds) => run((adapter) => adapter.remove({ olds, warn }), olds.__provider),
    };
  }

  return { handler };
}
