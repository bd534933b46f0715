import type { z } from "zod";
import { type ProviderSettings, providerConfig, type SettingName } from "../../../schema/config.ts";
import type { Json } from "../../../schema/json.ts";
import { ConfigError } from "./config-error.ts";

/** The words that pydantic, and so Prefect's own settings, reads as a boolean. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "t", "yes", "y", "on", "1"].map((word) => [word, true] as const),
  ...["false", "f", "no", "n", "off", "0"].map((word) => [word, false] as const),
]);

/** The value of a setting that may be given as text: stack configuration, environment variables and profiles have nothing else.
 *  One rule for all of them, by the setting's type:
 *  - a string, a UUID or one of several words: the text itself, also when it looks like a number or like JSON;
 *  - a boolean: true, t, yes, y, on, 1, or false, f, no, n, off, 0, in any case;
 *  - a number or an object: JSON.
 *  Other text is returned as it is, or as the JSON it holds; it does not match the type, which the caller checks. */
export function readSettingText<Value>(type: z.ZodType, value: Value): Value | Json {
  if (typeof value !== "string" || type.safeParse(value).success) return value;
  const word = BOOLEANS.get(value.trim().toLowerCase());
  if (word !== undefined && type.safeParse(word).success) return word;
  try {
    return JSON.parse(value) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

/** One setting's value. Throws: ConfigError with the setting's name and source; the value is not in the message. */
export function parseSetting<Name extends SettingName>(
  name: Name,
  value: unknown,
  source: string,
): NonNullable<ProviderSettings[Name]> {
  const { type } = providerConfig[name];
  const result = type.safeParse(readSettingText(type, value));
  if (result.success) return result.data as NonNullable<ProviderSettings[Name]>;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
  const reason = issue?.message ?? "wrong type";
  throw new ConfigError(name, `${name} (${source}) cannot be used${where}: ${reason}${textHint(issue, value)}`);
}

function textHint(issue: z.core.$ZodIssue | undefined, value: unknown): string {
  if (typeof value !== "string" || issue?.code !== "invalid_type" || issue.path.length > 0) return "";
  return issue.expected === "boolean" ? "; write true or false" : "; as text it must be JSON";
}
