import type { ProviderSettings } from "../../../schema/config.ts";
import type { Engine } from "../../engine/types.ts";

export type OpenEngine = (settings: ProviderSettings) => Promise<Engine>;

/** From one configuration of the plugin to the next: one engine, one signal that cancels its operations. A plugin process has one
 *  session as a rule; one attached to a debugger has many, each with a cancellation at its end. */
export interface Session {
  /** Runs one operation. The first one creates the engine. */
  run<T>(operation: (engine: Engine, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends running operations early; their state is saved where possible. */
  cancel(): void;
  /** Closes the engine as soon as no operation runs. */
  retire(): void;
}

export function openSession(settings: ProviderSettings, open: OpenEngine): Session {
  const cancelled = new AbortController();
  let engine: Promise<Engine> | undefined;
  let running = 0;
  let retired = false;

  const closeWhenIdle = (): void => {
    if (!retired || running > 0) return;
    // The operation that needed the engine has reported an error of its creation.
    engine?.then(
      (opened) => opened.close(),
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
