import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedact, outline, shortened } from "../../../../provider/client/errors/redact.ts";
import { parseApiUrl } from "../../../../provider/client/settings/api-url.ts";
import type { Json } from "../../../../schema/json.ts";

const api = parseApiUrl("http://bob:url%2Fpass@host/api", "here");
const redact = createRedact({
  api,
  apiKey: "pnu_key",
  authString: "admin:auth-pass",
  customHeaders: { authorization: "Bearer header-token", "x-flag": "on" },
});

describe("a credential", () => {
  it.each([
    "pnu_key",
    "admin:auth-pass",
    "auth-pass",
    Buffer.from("admin:auth-pass").toString("base64"),
    "url/pass",
    "url%2Fpass",
    Buffer.from("bob:url/pass").toString("base64"),
    "Bearer header-token",
    "header-token",
  ])("is redacted: %s", (credential) => {
    expect(redact(`you sent <${credential}> twice: ${credential}`)).toBe("you sent <[redacted]> twice: [redacted]");
  });

  it("of a few characters is not redacted: it would be in every text", () => {
    expect(redact("switched on")).toBe("switched on");
  });
});

describe("a value of the request", () => {
  const body = {
    name: "etl-pool",
    type: "kubernetes",
    description: "top secret plan",
    base_job_template: {
      job_configuration: { env: { PASSWORD: "hunter2", PIN: 493817 }, list: ["deep", "it's\nbroken", 'quo"ted'] },
      variables: { properties: { image: { type: "string", default: "registry.example.com/team/image:1.2.3" } } },
    },
  };

  it.each([
    ["'hunter2' is not of type 'integer'", "'[redacted]' is not of type 'integer'"],
    ["493817 is not valid", "[redacted] is not valid"],
    ["['deep', 'x']", "['[redacted]', 'x']"],
    ["'it\\'s\\nbroken' is bad", "'[redacted]' is bad"],
    ['"quo\\"ted" is bad', '"[redacted]" is bad'],
    ["input_value='registry.example.com/te...', input_type=str", "input_value='[redacted]...', input_type=str"],
    ["description: top secret plan", "description: [redacted]"],
    ['pool "etl-pool" of type kubernetes', 'pool "etl-pool" of type kubernetes'],
    ["Input should be a valid string", "Input should be a valid string"],
    ["deepest deepened indeep", "deepest deepened indeep"],
  ])("is redacted, but names and the words of JSON Schema are not: %s", (text, redacted) => {
    expect(redact(text, { body })).toBe(redacted);
  });

  it("is redacted, whatever it is and wherever it is in the text", () => {
    const leaf = fc
      .string({ minLength: 8, maxLength: 60, unit: "binary" })
      .filter((text) => !"[redacted]".includes(text));
    const place = fc.constantFrom<(value: string) => { [key: string]: Json }>(
      (value) => ({ description: value }),
      (value) => ({ base_job_template: { a: [{ b: value }] } }),
      (value) => ({ base_job_template: { job_configuration: { __proto__x: { type: value } } } }),
    );
    fc.assert(
      fc.property(leaf, place, fc.string(), fc.string(), (value, put, before, after) => {
        const plain = redact(`${before}|${value}|${after}`, { body: put(value) });
        const quoted = redact(`${before}|${JSON.stringify(value)}|${after}`, { body: put(value) });
        return !plain.includes(value) && !quoted.includes(JSON.stringify(value).slice(1, -1));
      }),
      { numRuns: 40 },
    );
  });
});

describe("an unreadable response", () => {
  it.each([
    ['{"name":"etl","tokens":["a","b"],"n":12,"ok":true}', '{"name":"…","tokens":["…","…"],"n":…,"ok":true}'],
    ['{"a":{"pass\\"word" : "x\\"y"}', '{"a":{"pass\\"word" : "…"}'],
    ['{"a":"cut off in the mid', '{"a":"…"'],
    ["[1, -2.5e3, 4]", "[…, …, …]"],
  ])("is shown in outline, without values: %s", (text, shown) => {
    expect(outline(text)).toBe(shown);
  });

  it("is shortened to one line", () => {
    expect(shortened("a\n  b")).toBe("a b");
    expect(shortened("x".repeat(500))).toBe(`${"x".repeat(300)}… (500 characters)`);
  });
});
