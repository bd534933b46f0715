import { expect, it } from "vitest";
import { resolveSettings } from "../../../provider/client/index.ts";
import { readSettings } from "../../../provider/pulumi/settings.ts";

const stack = (config: { [key: string]: string }) => readSettings((key) => config[key]);
const apiUrl = "http://127.0.0.1:4200/api";

it("stack configuration accepts the text that environment variables accept", () => {
  const words = ["true", "yes", "on", "1", "Y", "false", "no", "off", "0", "F"];
  for (const word of words) {
    const env = { PREFECT_API_URL: apiUrl, PREFECT_API_TLS_INSECURE_SKIP_VERIFY: word };
    const { insecureSkipVerify } = resolveSettings({}, { env, readFile: () => "" });
    expect(stack({ "prefect:insecureSkipVerify": word })).toEqual({ settings: { insecureSkipVerify }, problems: [] });
  }
  expect(stack({ "prefect:forceDelete": "yes" }).settings).toEqual({ forceDelete: true });
});

it("stack configuration keeps text where text is meant, and reads JSON where it is not", () => {
  const config = {
    "prefect:apiKey": "12345",
    "prefect:maxConcurrentRequests": "8",
    "prefect:customHeaders": '{"a":"1"}',
  };
  expect(stack(config)).toEqual({
    settings: { apiKey: "12345", maxConcurrentRequests: 8, customHeaders: { a: "1" } },
    problems: [],
  });
});

it("stack configuration that does not match its type is a problem, without its value", () => {
  const { settings, problems } = stack({ "prefect:forceDelete": "maybe", "prefect:maxConcurrentRequests": "many" });
  expect(settings).toEqual({});
  expect(problems.flatMap(({ path }) => path).sort()).toEqual(["forceDelete", "maxConcurrentRequests"]);
  expect(JSON.stringify(problems)).not.toMatch(/maybe|many/);
});
