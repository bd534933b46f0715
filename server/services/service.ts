import type { Context } from "../domain/context.ts";

/** A background service, which runs in passes. A pass is a function of the store and the clock: a timer calls it in a started server,
 *  tests call it directly. */
export interface Service {
  /** For logs. */
  readonly name: string;
  /** From the end of one pass to the start of the next. */
  readonly everySeconds: number;
  /** One pass. When the signal aborts, it ends after the write under way; the next pass does the rest. */
  run(context: Context, signal?: AbortSignal): Promise<void>;
}
