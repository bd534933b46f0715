import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import * as dynamic from "../../sdk/index.ts";
import * as native from "../../sdk/native.ts";
import { runProgram, valueIn } from "./run-program.ts";

const mocks = { "prefect:index:getWorkQueues": { queues: [{ name: "urgent", priority: 1 }] } };

describe.each([
  { mode: "dynamic", prefect: dynamic },
  { mode: "native", prefect: native },
])("$mode functions, with mocks", ({ prefect }) => {
  it("a function is answered by the mocks, so a unit test needs no server", async () => {
    const { result, calls } = await runProgram(() => prefect.getWorkQueues({ workPool: "etl" }), mocks);
    expect(await result).toEqual(mocks["prefect:index:getWorkQueues"]);
    expect(calls.map((call) => [call.token, call.inputs])).toEqual([
      ["prefect:index:getWorkQueues", { workPool: "etl" }],
    ]);
  });

  it("the Output form takes outputs", async () => {
    const { result } = await runProgram(() => {
      const pool = new prefect.WorkPool("etl", { type: "process" });
      return prefect.getWorkQueuesOutput({ workPool: pool.name }, { dependsOn: [pool] });
    }, mocks);
    expect(await valueIn(result.queues.apply((queues) => queues.map((queue) => queue.name)))).toEqual(["urgent"]);
  });

  it("is not called for a pool that does not exist yet, though its name is known", async () => {
    const { result, calls } = await runProgram(
      () => {
        const pool = new prefect.WorkPool("etl", { type: "process" });
        return prefect.getWorkQueuesOutput({ workPool: pool.name });
      },
      mocks,
      true,
    );
    expect(calls).toEqual([]);
    expect(await (result as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
  });

  it("is not called with an unknown argument", async () => {
    const { result, calls } = await runProgram(
      () => {
        const unknown = pulumi.output("never").apply(() => pulumi.unknown as string);
        return prefect.getWorkQueuesOutput({ workPool: unknown });
      },
      mocks,
      true,
    );
    expect(calls).toEqual([]);
    expect(await (result as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
  });
});

it("without a plugin, a function refuses a provider, since it would use another API", async () => {
  const { result } = await runProgram(async () => {
    const provider = new native.Provider("other", { apiUrl: "http://127.0.0.1:4201/api" });
    await expect(dynamic.getWorkPool({ name: "etl" }, { provider })).rejects.toThrow(
      /^getWorkPool: .*prefect-iac\/native/,
    );
    expect(() => dynamic.getWorkPoolOutput({ name: "etl" }, { provider })).toThrow(
      /^getWorkPool: .*prefect-iac\/native/,
    );
  });
  await result;
});
