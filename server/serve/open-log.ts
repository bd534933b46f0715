import pino from "pino";
import type { Log } from "../runtime/log.ts";
import type { LogFormat, LogLevel } from "./serve-options.ts";

export interface OpenLog {
  readonly log: Log;
  /** Writes what is still buffered, unless the reader is gone or too slow. */
  flush(): Promise<void>;
}

/** Most bytes that are buffered for a slow reader; further lines are lost. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
/** How long `flush` waits for the reader. */
const FLUSH_MS = 1000;

/** Makes the log of the command: a JSON object for each line, or text. `write` gets whole lines; by default they go to standard error,
 *  asynchronously, so that a slow reader does not delay requests. */
export function openLog(level: LogLevel, format: LogFormat, write?: (line: string) => void): OpenLog {
  const stderr =
    write === undefined ? pino.destination({ dest: 2, sync: false, maxLength: MAX_BUFFERED_BYTES }) : undefined;
  const out = write ?? ((line: string) => void stderr?.write(line));
  const destination = { write: format === "json" ? out : (line: string) => out(readable(JSON.parse(line))) };
  const log = pino(
    {
      level: PINO_LEVELS[level],
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    destination,
  );
  return {
    log,
    flush: () =>
      new Promise((resolve) => {
        if (stderr === undefined) resolve();
        else {
          // A reader that is gone, or does not read, must not keep the process from ending.
          setTimeout(resolve, FLUSH_MS).unref();
          stderr.flush(() => resolve());
        }
      }),
  };
}

const PINO_LEVELS = { debug: "debug", info: "info", warning: "warn", error: "error" } as const;

/** Only these members of errors: drivers attach connections and values to theirs. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined;
  return { type: error.name, message: error.message, stack: error.stack, ...(cause !== undefined && { cause }) };
}

/** `2026-11-21T12:00:00.000Z info request method=GET path=/api/health status=200`, and a stack below it. */
function readable({ time, level, msg, err, ...fields }: Record<string, unknown>): string {
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${plain(value)}`);
  return `${String(time)} ${String(level)} ${String(msg)}${pairs.join("")}${stacks(err)}\n`;
}

function plain(value: unknown): string {
  return typeof value === "string" && /^[\w./:@%+-]+$/.test(value) ? value : JSON.stringify(value);
}

function stacks(err: unknown): string {
  if (typeof err !== "object" || err === null) return err === undefined ? "" : ` err=${plain(err)}`;
  const { stack, message, cause } = err as { stack?: string; message?: string; cause?: unknown };
  return `\n${stack ?? message}${cause === undefined ? "" : `\ncaused by:${stacks(cause)}`}`;
}
