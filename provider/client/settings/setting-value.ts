import { type ProviderSettings, providerConfig, type SettingName } from "../../../schema/config.ts";
import { ConfigError } from "./config-error.ts";

const WORDS: { readonly [word: string]: boolean } = {
  true: true,
  "1": true,
  yes: true,
  on: true,
  false: false,
  "0": false,
  no: false,
  off: false,
};

/** One setting's value, given as such or as text (stack configuration, environment and profiles deliver text: JSON, or a word
 *  for true and false). Throws: ConfigError naming the setting and its source; the value is not in the message. */
export function settingValue<Name extends SettingName>(
  name: Name,
  given: unknown,
  source: string,
): NonNullable<ProviderSettings[Name]> {
  const { type } = providerConfig[name];
  const tries = readings(given).map((value) => type.safeParse(value));
  const good = tries.find((result) => result.success);
  if (good !== undefined) return good.data as NonNullable<ProviderSettings[Name]>;
  const issue = tries.at(-1)?.error?.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
  const notJson = typeof given === "string" && tries.length === 1 ? "; as text it must be JSON" : "";
  throw new ConfigError(
    name,
    `${name} (${source}) cannot be used${where}: ${issue?.message ?? "wrong type"}${notJson}`,
  );
}

/** What a given value may stand for, the plainest first. */
function readings(given: unknown): unknown[] {
  if (typeof given !== "string") return [given];
  const values: unknown[] = [given];
  const word = given.trim().toLowerCase();
  if (Object.hasOwn(WORDS, word)) values.push(WORDS[word]);
  try {
    values.push(JSON.parse(given));
  } catch {
    // Not JSON: the plain text is all it can mean.
  }
  return values;
}
