import { expect, it } from "vitest";
import { type Declaration, output, secret } from "../harness/declaration.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { template } from "../harness/samples.ts";
import { referenceServer } from "../harness/servers.ts";

/** A stack that moves from the dynamic provider to the plugin and back. */

const program: Declaration[] = [
  {
    kind: "WorkPool",
    name: "pool",
    props: {
      name: "switched",
      type: "process",
      concurrencyLimit: 5,
      description: secret("hidden"),
      baseJobTemplate: template("a:1"),
    },
  },
  { kind: "WorkQueue", name: "queue", props: { workPool: output("pool", "name"), concurrencyLimit: 1 } },
  {
    kind: "QueueOrder",
    name: "order",
    props: { workPool: output("pool", "name"), queues: [output("queue", "name"), "default"] },
  },
  { kind: "GlobalConcurrencyLimit", name: "global", props: { name: "switched", limit: 3 } },
  { kind: "TagConcurrencyLimit", name: "tag", props: { tag: "switched", concurrencyLimit: 3 } },
];

describeOnServer(referenceServer, (context) => {
  it("a stack moves from the dynamic provider to the plugin and back, without a change to any object", async () => {
    const stack = await context.pulumi.stack("dynamic", { "prefect:apiUrl": context.server.url });
    const ids = async () =>
      Object.fromEntries(Object.entries(await stack.resources()).map(([name, { id }]) => [name, id]));
    const writes = () =>
      context.server.proxy.takeRequests().filter(({ method, path }) => method !== "GET" && !path.endsWith("/filter"));
    stack.declarations = program;
    await stack.up();
    const before = await ids();
    writes();

    stack.mode = "native";
    expect((await stack.preview()).changes).toEqual({});
    await stack.up();
    expect(await ids()).toEqual(before);
    const types = Object.values(await stack.resources()).map(({ type }) => type);
    expect(types.sort()).toEqual(program.map(({ kind }) => `prefect:index:${kind}`).sort());
    await stack.expectNoChanges({ refresh: true });
    expect(writes()).toEqual([]);

    // On the way back the state gets the code of the dynamic provider: an update that sends no request.
    stack.mode = "dynamic";
    await stack.up();
    expect(await ids()).toEqual(before);
    expect(writes()).toEqual([]);
    await stack.refresh();
    await stack.expectNoChanges({ refresh: true });

    await stack.destroy();
    expect(await context.server.request("GET", "/work_pools/switched")).toBeUndefined();
  });
});
