import { expect, it } from "vitest";
import { type Declaration, output, secret } from "./harness/declaration.ts";
import { on } from "./harness/on-every-server.ts";
import { template } from "./harness/samples.ts";
import { referenceServer } from "./harness/world.ts";

/** One stack, one server, both doors in turn. */

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

on(referenceServer, (site) => {
  it("a stack moves from the dynamic door to the native one and back, and no object notices", async () => {
    const stack = await site.bench.stack("dynamic", { "prefect:apiUrl": site.world.url });
    const ids = async () =>
      Object.fromEntries(Object.entries(await stack.resources()).map(([name, { id }]) => [name, id]));
    const writes = () =>
      site.world.proxy.take().filter(({ method, path }) => method !== "GET" && !path.endsWith("/filter"));
    stack.declarations = program;
    await stack.up();
    const before = await ids();
    writes();

    stack.door = "native";
    expect((await stack.preview()).changes).toEqual({});
    await stack.up();
    expect(await ids()).toEqual(before);
    const types = Object.values(await stack.resources()).map(({ type }) => type);
    expect(types.sort()).toEqual(program.map(({ kind }) => `prefect:index:${kind}`).sort());
    await stack.expectNoChanges({ refresh: true });
    expect(writes()).toEqual([]);

    // On the way back the state gains what the dynamic door needs to find its provider: an update that sends nothing.
    stack.door = "dynamic";
    await stack.up();
    expect(await ids()).toEqual(before);
    expect(writes()).toEqual([]);
    await stack.refresh();
    await stack.expectNoChanges({ refresh: true });

    await stack.destroy();
    expect(await site.world.ask("GET", "/work_pools/switched")).toBeUndefined();
  });
});
