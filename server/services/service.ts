import type { Context } from "../domain/context.ts";

/** Something the server does by itself, again and again. One pass is a function of the store and the clock; a timer calls it in
 *  `serve` only, tests call it themselves. */
export interface Service {
  /** For logs. */
  readonly name: string;
  /** From the end of one pass to the start of the next. */
  readonly everySeconds: number;
  /** One pass. When the signal aborts, it ends after the write under way; the next pass does the rest. */
  run(context: Context, signal?: AbortSignal): Promise<void>;
}
