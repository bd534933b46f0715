import pino from "pino";
import type { Log } from "../runtime/log.ts";
import type { LogFormat, LogLevel } from "./serve-options.ts";

export interface OpenLog {
  readonly log: Log;
  /** Writes what is still held back, unless nobody reads it. */
  flush(): Promise<void>;
}

/** What is held back for a slow reader; what comes on top of it is lost. */
const MOST_HELD_BYTES = 4 * 1024 * 1024;
/** How long a reader may take for the rest. */
const FLUSH_MS = 1000;

/** A log for whoever runs the server: one JSON object a line, or a line to read. `write` takes whole lines; without it they go to
 *  standard error, in the background: a reader that is slow must not hold up requests. */
export function openLog(level: LogLevel, format: LogFormat, write?: (line: string) => void): OpenLog {
  const stderr =
    write === undefined ? pino.destination({ dest: 2, sync: false, maxLength: MOST_HELD_BYTES }) : undefined;
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
          // A reader that is gone, or does not read, is no reason not to end.
          setTimeout(resolve, FLUSH_MS).unref();
          stderr.flush(() => resolve());
        }
      }),
  };
}

const PINO_LEVELS = { debug: "debug", info: "info", warning: "warn", error: "error" } as const;

/** Of errors only what is ours to say: drivers hang connections and values on theirs. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined;
  return { type: error.name, message: error.message, stack: error.stack, ...(cause !== undefined && { cause }) };
}

/** `2026-11-21T12:00:00.000Z info request method=GET path=/api/health status=200`, and a stack below it. */
function readable({ time, level, msg, err, ...facts }: Record<string, unknown>): string {
  const said = Object.entries(facts).map(([name, value]) => ` ${name}=${plain(value)}`);
  return `${String(time)} ${String(level)} ${String(msg)}${said.join("")}${stacks(err)}\n`;
}

function plain(value: unknown): string {
  return typeof value === "string" && /^[\w./:@%+-]+$/.test(value) ? value : JSON.stringify(value);
}

function stacks(err: unknown): string {
  if (typeof err !== "object" || err === null) return err === undefined ? "" : ` err=${plain(err)}`;
  const { stack, message, cause } = err as { stack?: string; message?: string; cause?: unknown };
  return `\n${stack ?? message}${cause === undefined ? "" : `\ncaused by:${stacks(cause)}`}`;
}
