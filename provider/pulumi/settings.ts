import { typeProblems } from "../../schema/check.ts";
import { type ProviderSettings, providerConfig, type SettingName } from "../../schema/config.ts";
import { hasUnknown, type PlanObject } from "../../schema/json.ts";
import { formatProblem, type Problem } from "../../schema/problem.ts";
import { ConfigError } from "../client/settings/config-error.ts";
import { readSettingText } from "../client/settings/parse-setting.ts";
import { decode, type PropertyMap, type PropertyValue } from "./codec.ts";

export interface ReadSettings {
  settings: ProviderSettings;
  problems: Problem[];
}

/** Reads the provider's configuration: names with or without the namespace, and values that may be text where another type is meant,
 *  because stack configuration has only text. Other names are ignored: a project may be called `prefect`, and then its own configuration
 *  has the same namespace. */
export function readSettings(get: (name: string) => PropertyValue): ReadSettings {
  const settings: PlanObject = {};
  const problems: Problem[] = [];
  for (const [name, setting] of Object.entries(providerConfig)) {
    const declared = decode(get(name) ?? get(`prefect:${name}`));
    if (declared === null || hasUnknown(declared)) continue;
    const value = readSettingText(setting.type, declared);
    const found = typeProblems(setting.type, value, [name]);
    if (found.length > 0) problems.push(...found);
    else settings[name] = value;
  }
  return { settings: settings as ProviderSettings, problems };
}

/** Throws: ConfigError with all problems. */
export function validSettings(get: (name: string) => PropertyValue): ProviderSettings {
  const { settings, problems } = readSettings(get);
  const [first] = problems;
  if (first === undefined) return settings;
  const message = `The provider's configuration is invalid. ${problems.map(formatProblem).join("; ")}`;
  throw new ConfigError(String(first.path[0]), message);
}

/** Properties of a provider as a lookup by name. */
export function lookup(properties: PropertyMap = {}): (name: string) => PropertyValue {
  return (name) => (Object.hasOwn(properties, name) ? properties[name] : undefined);
}

/** Names of the settings that must be stored as secrets: credentials, and a URL with a password. */
export function secretSettings(settings: { [name: string]: unknown }): string[] {
  return Object.keys(settings).filter(
    (name) =>
      providerConfig[name as SettingName]?.secret === true || (name === "apiUrl" && hasPassword(settings[name])),
  );
}

function hasPassword(url: unknown): boolean {
  if (typeof url !== "string") return false;
  if (!URL.canParse(url)) return url.includes("@");
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}
