import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultTemplate } from "../../schema/index.ts";
import { getWorkPool, getWorkQueues } from "../../sdk/index.ts";
import { invokeInProcess } from "../../sdk/runtime/invoke-in-process.ts";
import { type RunningServer, startServer } from "../../server/index.ts";

const failOnWarning = (message: string) => {
  throw new Error(`unexpected warning: ${message}`);
};

it("getDefaultJobTemplate needs no API", async () => {
  const template = await invokeInProcess({
    name: "getDefaultJobTemplate",
    args: { type: "process", version: undefined },
    config: () => undefined,
    warn: failOnWarning,
  });
  expect(template).toEqual({ template: defaultTemplate("process") });
});

it("an invalid configuration is reported with the setting's name, without its value", async () => {
  const config = (name: string) => (name === "maxConcurrentRequests" ? "hidden" : undefined);
  const attempt = invokeInProcess({ name: "getWorkPool", args: { name: "etl" }, config, warn: failOnWarning });
  await expect(attempt).rejects.toThrow(/^The provider's configuration is invalid\. maxConcurrentRequests: must be/);
  await expect(attempt).rejects.not.toThrow(/hidden/);
});

describe("on a server", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ port: 0 });
    await fetch(`${server.url}/work_pools/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "etl", type: "process", concurrency_limit: 3, is_paused: true }),
    });
  });
  afterAll(() => server.stop());

  it("a program without a plugin reads the API of the stack's configuration", async () => {
    // Pulumi's runtime is a global that test files share: another one may have left its mocks there.
    pulumi.runtime.resetOptions("project", "stack", -1, "", "", false, "");
    pulumi.runtime.setConfig("prefect:apiUrl", server.url);
    const pool = await getWorkPool({ name: "etl" });
    expect([pool.type, pool.concurrencyLimit, pool.isPaused, pool.status]).toEqual(["process", 3, true, "PAUSED"]);
    expect("description" in pool).toBe(false);
    const { queues } = await getWorkQueues({ workPool: "etl" });
    expect(queues.map((queue) => [queue.name, queue.workQueueId])).toEqual([["default", pool.defaultQueueId]]);
  });

  it("an object that does not exist is reported with its name", async () => {
    const config = (name: string) => (name === "apiUrl" ? server.url : undefined);
    const attempt = invokeInProcess({ name: "getWorkPool", args: { name: "nope" }, config, warn: failOnWarning });
    await expect(attempt).rejects.toThrow(/"nope"/);
  });
});
