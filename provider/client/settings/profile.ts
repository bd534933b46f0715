import { parse, TomlError } from "smol-toml";
import { isObject } from "../../../schema/json.ts";
import { ConfigError } from "./config-error.ts";
import type { Environment } from "./environment.ts";

export interface Profile {
  name: string;
  file: string;
  settings: { [name: string]: string };
}

/** Profiles that Prefect ships. */
const BUILT_IN: { readonly [name: string]: { [setting: string]: string } } = {
  local: { PREFECT_API_URL: "http://127.0.0.1:4200/api" },
  ephemeral: {},
  test: {},
  cloud: {},
};

/** The requested profile of Prefect's profiles.toml, or else the active one. `undefined`: no file, or no active profile. Throws:
 *  ConfigError when the requested profile does not exist, or the file is not TOML (its text is not shown). */
export function readProfile(
  requested: { name: string; source: string } | undefined,
  environment: Environment,
): Profile | undefined {
  const file = profilesPath(environment);
  const content = file === undefined ? undefined : readIfExists(file, environment);
  const contents = content === undefined || file === undefined ? {} : parseToml(content, file);
  const profiles: { [name: string]: unknown } = isObject(contents.profiles) ? contents.profiles : {};
  const active = typeof contents.active === "string" ? contents.active : undefined;
  const name = requested?.name ?? active;
  if (name === undefined) return undefined;
  const found = Object.hasOwn(profiles, name)
    ? profiles[name]
    : Object.hasOwn(BUILT_IN, name)
      ? BUILT_IN[name]
      : undefined;
  if (isObject(found)) return { name, file: file ?? "profiles.toml", settings: asText(found) };
  if (requested === undefined) return undefined;
  const known = Object.keys(profiles);
  const where =
    content === undefined
      ? `there is no file ${file ?? "profiles.toml"}`
      : `${file} has ${known.length === 0 ? "no profiles" : known.join(", ")}`;
  throw new ConfigError("profile", `profile (${requested.source}): there is no profile "${name}"; ${where}.`);
}

function profilesPath({ env }: Environment): string | undefined {
  const home = env.HOME || env.USERPROFILE || undefined;
  const expand = (path: string) => (home === undefined ? path : path.replace(/^~(?=[/\\]|$)/, home));
  if (env.PREFECT_PROFILES_PATH) return expand(env.PREFECT_PROFILES_PATH);
  if (env.PREFECT_HOME) return `${expand(env.PREFECT_HOME).replace(/[/\\]+$/, "")}/profiles.toml`;
  return home === undefined ? undefined : `${home}/.prefect/profiles.toml`;
}

function readIfExists(file: string, environment: Environment): string | undefined {
  try {
    return environment.readFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ConfigError("profile", `The profiles in ${file} cannot be read (${code}).`);
  }
}

function parseToml(content: string, file: string): { [name: string]: unknown } {
  try {
    return parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's message quotes the line, which may hold a key.
    throw new ConfigError(
      "profile",
      `The profiles in ${file} cannot be read: line ${error.line}, column ${error.column} is not valid TOML.`,
    );
  }
}

function asText(table: { [name: string]: unknown }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [
      name,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}
