import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultTemplate } from "../../schema/index.ts";
import { answer } from "../../sdk/answer.ts";
import { getWorkPool, getWorkQueues } from "../../sdk/index.ts";
import { type RunningServer, startServer } from "../../server/index.ts";

const unwarned = (message: string) => {
  throw new Error(`unexpected warning: ${message}`);
};

it("a default template is answered without an API", async () => {
  const template = await answer({
    name: "getDefaultJobTemplate",
    args: { type: "process", version: undefined },
    setting: () => undefined,
    warn: unwarned,
  });
  expect(template).toEqual({ template: defaultTemplate("process") });
});

it("a wrong configuration is told by the setting's name, without its value", async () => {
  const setting = (name: string) => (name === "maxConcurrentRequests" ? "hidden" : undefined);
  const attempt = answer({ name: "getWorkPool", args: { name: "etl" }, setting, warn: unwarned });
  await expect(attempt).rejects.toThrow(/^the configuration of prefect is wrong: maxConcurrentRequests: must be/);
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

  it("a program without a plugin reads what is there, at the API of the stack's configuration", async () => {
    // Pulumi's runtime is a global that test files share: another one may have left its double of the engine there.
    pulumi.runtime.resetOptions("project", "stack", -1, "", "", false, "");
    pulumi.runtime.setConfig("prefect:apiUrl", server.url);
    const pool = await getWorkPool({ name: "etl" });
    expect([pool.type, pool.concurrencyLimit, pool.isPaused, pool.status]).toEqual(["process", 3, true, "PAUSED"]);
    expect("description" in pool).toBe(false);
    const { queues } = await getWorkQueues({ workPool: "etl" });
    expect(queues.map((queue) => [queue.name, queue.workQueueId])).toEqual([["default", pool.defaultQueueId]]);
  });

  it("what is not there is told with the API and the name", async () => {
    const setting = (name: string) => (name === "apiUrl" ? server.url : undefined);
    const attempt = answer({ name: "getWorkPool", args: { name: "nope" }, setting, warn: unwarned });
    await expect(attempt).rejects.toThrow(/"nope"/);
  });
});
