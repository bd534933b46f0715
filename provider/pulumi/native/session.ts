import type { ProviderSettings } from "../../../schema/config.ts";
import type { Engine } from "../../engine/types.ts";

export type OpenEngine = (settings: ProviderSettings) => Promise<Engine>;

/** The time between two configurations of the plugin: one engine, one signal that ends all it does. A plugin process sees one
 *  session as a rule; one that is attached to a debugger serves many, and gets a cancellation at the end of each. */
export interface Session {
  /** Runs one operation. The engine is made for the first one. */
  run<T>(operation: (engine: Engine, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends what is running early; what can be saved is. */
  cancel(): void;
  /** Closes the engine as soon as nothing is running. */
  retire(): void;
}

export function openSession(settings: ProviderSettings, open: OpenEngine): Session {
  const cancelled = new AbortController();
  let engine: Promise<Engine> | undefined;
  let running = 0;
  let retired = false;

  const closeWhenIdle = (): void => {
    if (!retired || running > 0) return;
    // An engine that could not be made was reported by the operation that wanted it.
    engine?.then(
      (made) => made.close(),
      () => undefined,
    );
    engine = undefined;
  };

  return {
    async run(operation) {
      running += 1;
      try {
        engine ??= open(settings);
        return await operation(await engine, cancelled.signal);
      } finally {
        running -= 1;
        closeWhenIdle();
      }
    },
    cancel: () => cancelled.abort(new Error("cancelled")),
    retire() {
      retired = true;
      closeWhenIdle();
    },
  };
}
