import { parseArgs } from "node:util";
import type { ServerConfig } from "../runtime/server-config.ts";

/** The options of `prefect-iac serve`. */
export interface ServeSettings {
  readonly host: string;
  readonly port: number;
  readonly db: string;
  readonly services: boolean;
  readonly allowOpen: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly config: Partial<ServerConfig>;
}

const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
const LOG_FORMATS = ["text", "json"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = (typeof LOG_FORMATS)[number];

export const serveHelp = `Usage: prefect-iac serve [options]

Starts a Prefect-compatible orchestration API.

Options, and the environment variables for them:
  --host HOST          address to listen on (default 127.0.0.1)        PREFECT_SERVER_API_HOST
  --port PORT          port to listen on, 0 for any (default 4200)     PREFECT_SERVER_API_PORT
  --db WHERE           a SQLite file, "memory" or a postgresql:// URL
                       (default memory: nothing is kept)               PREFECT_IAC_SERVE_DB
  --no-services        run no background services: no schedules,
                       no late runs, no expiry of leases               PREFECT_IAC_SERVE_SERVICES=false
  --log-level LEVEL    debug, info (with a line for each request),
                       warning (default) or error                      PREFECT_SERVER_LOGGING_LEVEL
  --log-format FORMAT  text (default) or json                          PREFECT_IAC_SERVE_LOG_FORMAT
  --allow-open         listen on addresses that other machines reach,
                       without a password                              PREFECT_IAC_SERVE_ALLOW_OPEN=true
  --help               show this text

Only in the environment:
  PREFECT_SERVER_API_AUTH_STRING            user:password that every request must bring
  PREFECT_SERVER_CSRF_PROTECTION_ENABLED    true: unsafe requests need a token
  PREFECT_SERVER_API_DEFAULT_LIMIT          most rows in one response (default 200)
`;

/** Reads options and environment; an option has priority. Variables that Prefect's own server has, too, have its names; PREFECT_IAC_…
 *  are ours. `undefined`: print the help. Throws: SettingError; TypeError of parseArgs. */
export function readSettings(args: readonly string[], environment: NodeJS.ProcessEnv): ServeSettings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: "string" },
      port: { type: "string" },
      db: { type: "string" },
      "no-services": { type: "boolean" },
      "log-level": { type: "string" },
      "log-format": { type: "string" },
      "allow-open": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const raw = (option: string | undefined, name: string): RawSetting => {
    const text = option ?? environment[name];
    // An empty variable counts as absent; an empty option is an error.
    if (text === undefined || (option === undefined && text === "")) return undefined;
    return { text, source: option === undefined ? name : undefined };
  };
  return {
    host: raw(values.host, "PREFECT_SERVER_API_HOST")?.text ?? "127.0.0.1",
    port: readPort(raw(values.port, "PREFECT_SERVER_API_PORT")),
    db: readDb(raw(values.db, "PREFECT_IAC_SERVE_DB")),
    services: values["no-services"] ? false : readFlag("PREFECT_IAC_SERVE_SERVICES", environment, true),
    allowOpen: values["allow-open"] ?? readFlag("PREFECT_IAC_SERVE_ALLOW_OPEN", environment, false),
    logLevel: readWord(raw(values["log-level"], "PREFECT_SERVER_LOGGING_LEVEL"), "--log-level", LOG_LEVELS, "warning"),
    logFormat: readWord(raw(values["log-format"], "PREFECT_IAC_SERVE_LOG_FORMAT"), "--log-format", LOG_FORMATS, "text"),
    config: configFromEnvironment(environment),
  };
}

/** `source`: the variable; `undefined` for an option. */
type RawSetting = { text: string; source: string | undefined } | undefined;

function configFromEnvironment(environment: NodeJS.ProcessEnv): Partial<ServerConfig> {
  const authString = environment.PREFECT_SERVER_API_AUTH_STRING;
  const pageLimit = environment.PREFECT_SERVER_API_DEFAULT_LIMIT;
  if (authString?.trim() === "" && authString !== "") {
    throw new SettingError("PREFECT_SERVER_API_AUTH_STRING is blank: set it to user:password, or unset it");
  }
  return {
    ...(authString !== undefined && authString !== "" && { authString }),
    csrfProtection: readFlag("PREFECT_SERVER_CSRF_PROTECTION_ENABLED", environment, false),
    ...(pageLimit !== undefined && { pageLimit: readCount("PREFECT_SERVER_API_DEFAULT_LIMIT", pageLimit) }),
  };
}

/** An invalid setting. The message names it, and never shows a credential. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}

/** Refuses to serve other machines without authentication, unless `--allow-open`. Throws: SettingError. */
export function checkExposure({ host, allowOpen, config }: ServeSettings): void {
  if (config.authString !== undefined || allowOpen || isLoopback(host)) return;
  throw new SettingError(
    `--host ${host} would let other machines in without a password. Set PREFECT_SERVER_API_AUTH_STRING=user:password (and PREFECT_API_AUTH_STRING for clients), or say --allow-open if that is what you want.`,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function readPort(raw: RawSetting): number {
  if (raw === undefined) return 4200;
  const port = /^\d{1,5}$/.test(raw.text) ? Number(raw.text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SettingError(`${raw.source ?? "--port"} must be a number from 0 to 65535`);
}

function readDb(raw: RawSetting): string {
  if (raw === undefined) return "memory";
  const isUrl = /^[a-z][a-z0-9+.-]+:\/\//i.test(raw.text);
  if (raw.text !== "" && (!isUrl || /^postgres(ql)?:\/\//.test(raw.text))) return raw.text;
  throw new SettingError(`${raw.source ?? "--db"} must be a file, "memory" or a postgresql:// URL`);
}

function readWord<W extends string>(raw: RawSetting, option: string, words: readonly W[], absent: W): W {
  if (raw === undefined) return absent;
  const word = words.find((known) => known === raw.text.toLowerCase());
  if (word !== undefined) return word;
  throw new SettingError(`${raw.source ?? option} must be one of ${words.join(", ")}`);
}

function readFlag(name: string, environment: NodeJS.ProcessEnv, absent: boolean): boolean {
  const text = environment[name];
  if (text === undefined || text === "") return absent;
  if (/^(true|1|yes|on|t|y)$/i.test(text)) return true;
  if (/^(false|0|no|off|f|n)$/i.test(text)) return false;
  throw new SettingError(`${name} must be true or false`);
}

function readCount(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new SettingError(`${name} must be a whole number from 1 to 999999`);
}
