import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import * as dynamic from "../../sdk/index.ts";
import * as native from "../../sdk/native.ts";
import { registered, valueIn } from "./registered.ts";

const answers = { "prefect:index:getWorkQueues": { queues: [{ name: "urgent", priority: 1 }] } };

describe.each([
  { door: "dynamic", prefect: dynamic },
  { door: "native", prefect: native },
])("on the $door door, under mocks", ({ prefect }) => {
  it("a function asks the mocks, and so a unit test needs no server", async () => {
    const { made, calls } = await registered(() => prefect.getWorkQueues({ workPool: "etl" }), answers);
    expect(await made).toEqual(answers["prefect:index:getWorkQueues"]);
    expect(calls.map((call) => [call.token, call.inputs])).toEqual([
      ["prefect:index:getWorkQueues", { workPool: "etl" }],
    ]);
  });

  it("its second form takes outputs", async () => {
    const { made } = await registered(() => {
      const pool = new prefect.WorkPool("etl", { type: "process" });
      return prefect.getWorkQueuesOutput({ workPool: pool.name }, { dependsOn: [pool] });
    }, answers);
    expect(await valueIn(made.queues.apply((queues) => queues.map((queue) => queue.name)))).toEqual(["urgent"]);
  });

  it("about a pool that is still to be made nothing is asked, though its name is known", async () => {
    const { made, calls } = await registered(
      () => {
        const pool = new prefect.WorkPool("etl", { type: "process" });
        return prefect.getWorkQueuesOutput({ workPool: pool.name });
      },
      answers,
      true,
    );
    expect(calls).toEqual([]);
    expect(await (made as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
  });

  it("with an unknown argument nothing is asked", async () => {
    const { made, calls } = await registered(
      () => {
        const unknown = pulumi.output("never").apply(() => pulumi.unknown as string);
        return prefect.getWorkQueuesOutput({ workPool: unknown });
      },
      answers,
      true,
    );
    expect(calls).toEqual([]);
    expect(await (made as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
  });
});

it("without a plugin, a function refuses a provider, for it would ask another API", async () => {
  const { made } = await registered(async () => {
    const provider = new native.Provider("other", { apiUrl: "http://127.0.0.1:4201/api" });
    await expect(dynamic.getWorkPool({ name: "etl" }, { provider })).rejects.toThrow(
      /^getWorkPool: .*prefect-iac\/native/,
    );
    expect(() => dynamic.getWorkPoolOutput({ name: "etl" }, { provider })).toThrow(
      /^getWorkPool: .*prefect-iac\/native/,
    );
  });
  await made;
});
