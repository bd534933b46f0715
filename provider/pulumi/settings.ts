import { typeProblems } from "../../schema/check.ts";
import { type ProviderSettings, providerConfig, type SettingName } from "../../schema/config.ts";
import { hasUnknown, type PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";
import { readSettingText } from "../client/settings/parse-setting.ts";
import { decode, type Wire } from "./wire.ts";

export interface ReadSettings {
  settings: ProviderSettings;
  problems: Problem[];
}

/** Reads the provider's configuration out of whatever a host has: names with or without the namespace, and values that are
 *  text where another type is meant, because stack configuration knows nothing but text. Names that are not settings are
 *  passed over: a project may be called `prefect`, and then its own configuration stands under the same names. */
export function readSettings(get: (name: string) => Wire): ReadSettings {
  const settings: PlanObject = {};
  const problems: Problem[] = [];
  for (const [name, setting] of Object.entries(providerConfig)) {
    const given = decode(get(name) ?? get(`prefect:${name}`));
    if (given === null || hasUnknown(given)) continue;
    const value = readSettingText(setting.type, given);
    const wrong = typeProblems(setting.type, value, [name]);
    if (wrong.length > 0) problems.push(...wrong);
    else settings[name] = value;
  }
  return { settings: settings as ProviderSettings, problems };
}

/** Properties of a provider as a lookup by name. */
export function lookup(properties: Wire): (name: string) => Wire {
  const given = typeof properties === "object" && properties !== null ? (properties as { [key: string]: Wire }) : {};
  return (name) => (Object.hasOwn(given, name) ? given[name] : undefined);
}

/** Names of the settings that must not be kept in plain text: credentials, and a URL that carries a password. */
export function secretSettings(settings: { [name: string]: unknown }): string[] {
  return Object.keys(settings).filter(
    (name) =>
      providerConfig[name as SettingName]?.secret === true || (name === "apiUrl" && carriesPassword(settings[name])),
  );
}

function carriesPassword(url: unknown): boolean {
  if (typeof url !== "string") return false;
  if (!URL.canParse(url)) return url.includes("@");
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}
