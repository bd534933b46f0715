import { describe, expect, it } from "vitest";
import { clientVersion } from "../../../server/http/request/client-version.ts";

describe("the version of a client", () => {
  it.each([
    ["prefect/3.8.4 (API 0.8.4)", [3, 8, 4]],
    ["prefect/3.8.4rc1.dev2+7.gabc (API 0.8.4)", [3, 8, 4]],
    ["prefect/3.8.4.post12 (API 0.8.4)", [3, 8, 4]],
    ["prefect/3.8 (API 0.8.4)", undefined],
    ["curl/8.0", undefined],
  ])("is read from %s", (agent, version) => {
    expect(clientVersion({ "user-agent": agent })).toEqual(version);
  });

  it("is looked for no longer in a header of the greatest length", () => {
    // Looking for it from each digit anew would take longer than a test may.
    for (let times = 0; times < 400; times++) {
      expect(clientVersion({ "user-agent": `prefect/1.1.${"1".repeat(16_000)}` })).toBeUndefined();
    }
  });
});
