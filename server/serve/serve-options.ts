import { parseArgs } from "node:util";
import type { ServerConfig } from "../runtime/server-config.ts";

/** What `prefect-iac serve` is to do. */
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

Options, and what says the same in the environment:
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
  PREFECT_SERVER_API_DEFAULT_LIMIT          most rows in one answer (default 200)
`;

/** Reads options and environment; an option wins. Where Prefect's own server has a name for it, the name is Prefect's. A database
 *  is ours alone, and so is its name. Answers undefined when only help is wanted. Throws: SettingError; TypeError of parseArgs. */
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
  const given = (option: string | undefined, name: string): Given => {
    const text = option ?? environment[name];
    // An empty variable is as good as none; an empty option is a mistake.
    if (text === undefined || (option === undefined && text === "")) return undefined;
    return { text, source: option === undefined ? name : undefined };
  };
  return {
    host: given(values.host, "PREFECT_SERVER_API_HOST")?.text ?? "127.0.0.1",
    port: readPort(given(values.port, "PREFECT_SERVER_API_PORT")),
    db: readDb(given(values.db, "PREFECT_IAC_SERVE_DB")),
    services: values["no-services"] ? false : readFlag("PREFECT_IAC_SERVE_SERVICES", environment, true),
    allowOpen: values["allow-open"] ?? readFlag("PREFECT_IAC_SERVE_ALLOW_OPEN", environment, false),
    logLevel: readWord(
      given(values["log-level"], "PREFECT_SERVER_LOGGING_LEVEL"),
      "--log-level",
      LOG_LEVELS,
      "warning",
    ),
    logFormat: readWord(
      given(values["log-format"], "PREFECT_IAC_SERVE_LOG_FORMAT"),
      "--log-format",
      LOG_FORMATS,
      "text",
    ),
    config: configFromEnvironment(environment),
  };
}

type Given = { text: string /** The variable, when it is not the option. */; source: string | undefined } | undefined;

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

/** A setting that can't be used. The message names it, and never shows a credential. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}

/** An open server that others can reach is refused unless it is asked for. Throws: SettingError. */
export function checkExposure({ host, allowOpen, config }: ServeSettings): void {
  if (config.authString !== undefined || allowOpen || isLoopback(host)) return;
  throw new SettingError(
    `--host ${host} would let other machines in without a password. Set PREFECT_SERVER_API_AUTH_STRING=user:password (and PREFECT_API_AUTH_STRING for clients), or say --allow-open if that is what you want.`,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function readPort(given: Given): number {
  if (given === undefined) return 4200;
  const port = /^\d{1,5}$/.test(given.text) ? Number(given.text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SettingError(`${given.source ?? "--port"} must be a number from 0 to 65535`);
}

function readDb(given: Given): string {
  if (given === undefined) return "memory";
  const isUrl = /^[a-z][a-z0-9+.-]+:\/\//i.test(given.text);
  if (given.text !== "" && (!isUrl || /^postgres(ql)?:\/\//.test(given.text))) return given.text;
  throw new SettingError(`${given.source ?? "--db"} must be a file, "memory" or a postgresql:// URL`);
}

function readWord<W extends string>(given: Given, option: string, words: readonly W[], absent: W): W {
  if (given === undefined) return absent;
  const word = words.find((known) => known === given.text.toLowerCase());
  if (word !== undefined) return word;
  throw new SettingError(`${given.source ?? option} must be one of ${words.join(", ")}`);
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
