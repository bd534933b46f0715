import { type RunningServer, startServer } from "../start-server.ts";
import { StoreError } from "../store/store-error.ts";
import { openLog } from "./open-log.ts";
import { checkExposure, readSettings, type ServeSettings, SettingError, serveHelp } from "./serve-options.ts";

/** The surroundings of the command: output, environment, and the signal to stop. */
export interface Terminal {
  print(line: string): void;
  printError(line: string): void;
  /** Gets the log, line by line. Default: standard error. */
  log?(line: string): void;
  environment: NodeJS.ProcessEnv;
  /** Settles when the server should stop. */
  stopped: Promise<unknown>;
}

/** `prefect-iac serve`: reads options and environment once, and serves until it should stop. Resolves to the exit code. */
export async function serve(args: readonly string[], terminal: Terminal): Promise<number> {
  let server: RunningServer;
  let flush: () => Promise<void>;
  try {
    const settings = readSettings(args, terminal.environment);
    if (settings === undefined) {
      terminal.print(serveHelp);
      return 0;
    }
    checkExposure(settings);
    const opened = openLog(settings.logLevel, settings.logFormat, terminal.log);
    flush = opened.flush;
    const { host, port, db, services, logLevel } = settings;
    const config = { ...settings.config, accessLog: logLevel === "info" || logLevel === "debug" };
    server = await startServer({ host, port, db, services, config, log: opened.log });
    announce(server, settings, terminal);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    terminal.printError(`prefect-iac serve: ${explain(error)}`);
    return error instanceof SettingError || isUsage(error) ? 2 : 1;
  }
  await terminal.stopped;
  await server.stop();
  await flush();
  return 0;
}

function announce(server: RunningServer, { db, services }: ServeSettings, { print }: Terminal): void {
  print(`Prefect-compatible API at ${server.url} (${describe(db)}). Stop with Ctrl+C.`);
  if (!services) print("No background services: schedules, late runs and expired leases are not looked after.");
  print(`export PREFECT_API_URL=${server.url}`);
}

function describe(db: string): string {
  if (db === "memory") return "in memory: nothing is kept";
  return /^postgres(ql)?:\/\//.test(db) ? "PostgreSQL" : `SQLite, ${db}`;
}

function isUsage(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && error.code.startsWith("ERR_PARSE_ARGS");
}

function explain(error: Error): string {
  if (error instanceof StoreError) return `the database can't be opened: ${reason(error.cause)}`;
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return "the port is in use: stop what listens there, or choose another with --port";
  if (code === "EACCES") return "the port may not be used: choose another with --port";
  return error.message;
}

/** A refused connection to a host with several addresses is an AggregateError without a message. */
function reason(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === "") return reason(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
