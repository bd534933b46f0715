import { describe, expect, it } from "vitest";
import { parseSetting, readSettingText } from "../../../../provider/client/settings/parse-setting.ts";
import { providerConfig, type SettingName } from "../../../../schema/config.ts";

const read = (name: SettingName, text: string) => readSettingText(providerConfig[name].type, text);

describe("text of a setting", () => {
  it.each([
    ...["true", "TRUE", "t", "yes", "Y", "on", "1", " true\n"].map((text) => [text, true] as const),
    ...["false", "False", "f", "no", "N", "off", "0"].map((text) => [text, false] as const),
  ])("for a boolean is a word that Prefect's own settings accept: %j", (text, value) => {
    expect(read("forceDelete", text)).toBe(value);
    expect(parseSetting("forceDelete", text, "here")).toBe(value);
  });

  it.each<[SettingName, string, unknown]>([
    ["maxConcurrentRequests", "8", 8],
    ["requestTimeoutSeconds", " 2.5 ", 2.5],
    ["requestTimeoutSeconds", "1e2", 100],
    ["customHeaders", '{"x-team":"data","x-on":"yes"}', { "x-team": "data", "x-on": "yes" }],
    ["lintRules", '{"template/unused-variable":"off"}', { "template/unused-variable": "off" }],
  ])("for a number or an object is JSON: %s %j", (name, text, value) => {
    expect(read(name, text)).toEqual(value);
  });

  it.each<[SettingName, string]>([
    ["apiKey", "12345"],
    ["apiKey", "true"],
    ["authString", '{"user":"pass"}'],
    ["adopt", "always"],
    ["contractCheck", "off"],
    ["accountId", "9b2f7a52-5a47-4a2f-9f1b-1df3b5d0a001"],
  ])("for a string or one of several words is the value itself: %s %j", (name, text) => {
    expect(read(name, text)).toBe(text);
  });

  it.each<[SettingName, string, RegExp]>([
    ["forceDelete", "maybe", /boolean.*; write true or false$/],
    ["forceDelete", "2", /boolean.*; write true or false$/],
    ["forceDelete", "null", /boolean.*; write true or false$/],
    ["maxConcurrentRequests", "yes", /number.*; as text it must be JSON$/],
    ["customHeaders", "x-team: data", /record.*; as text it must be JSON$/],
    ["customHeaders", '{"x-team":1}', / at x-team: .*string/],
    ["adopt", "never", /Invalid option/],
  ])("that does not match the type is refused: %s %j", (name, text, message) => {
    expect(() => parseSetting(name, text, "here")).toThrow(message);
  });

  it("is not looked for in a value of the right type", () => {
    expect(readSettingText(providerConfig.forceDelete.type, false)).toBe(false);
    expect(readSettingText(providerConfig.customHeaders.type, { a: "true" })).toEqual({ a: "true" });
  });
});
