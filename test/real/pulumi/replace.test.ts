import { expect, it } from "vitest";
import { contracts } from "../../../schema/contracts/index.ts";
import { type Declaration, output } from "../harness/declaration.ts";
import { describeOnEveryServer } from "../harness/describe-servers.ts";
import { fieldsOf, template } from "../harness/samples.ts";

/** Which changes replace an object, and in which order it is created and deleted. */

describeOnEveryServer((context, mode) => {
  /** Creates and deletes since the last call. */
  const writes = () =>
    context.server.proxy
      .takeRequests()
      .filter(({ method, path }) => method === "DELETE" || (method === "POST" && !/\/(filter|count)$/.test(path)));
  const isCreate = (path: string) => (request: { method: string; path: string }) =>
    request.method === "POST" && request.path.endsWith(path);

  it("renaming a queue or a global limit updates it in place", async () => {
    const prefix = `rename-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    const named = (queue: string, limit: string): Declaration[] => [
      { kind: "WorkPool", name: "pool", props: { name: `${prefix}-pool`, type: "process" } },
      { kind: "WorkQueue", name: "queue", props: { workPool: output("pool", "name"), name: queue } },
      { kind: "GlobalConcurrencyLimit", name: "limit", props: { name: `${prefix}-${limit}`, limit: 2 } },
    ];
    stack.declarations = named("before", "before");
    await stack.up();
    const before = await stack.resources();

    stack.declarations = named("after", "after");
    expect((await stack.preview()).changes).toEqual({ update: 2 });
    await stack.up();
    const queue = await context.server.request("GET", `/work_pools/${prefix}-pool/queues/after`);
    const limit = await context.server.request("GET", `/v2/concurrency_limits/${prefix}-after`);
    expect(queue).toMatchObject({ id: before.queue?.outputs.workQueueId });
    expect(limit).toMatchObject({ id: before.limit?.outputs.concurrencyLimitId });
    expect(await context.server.request("GET", `/work_pools/${prefix}-pool/queues/before`)).toBeUndefined();
    expect(await context.server.request("GET", `/v2/concurrency_limits/${prefix}-before`)).toBeUndefined();
    await stack.expectNoChanges({ refresh: true });
    await stack.destroy();
  });

  it("a replacement that keeps its name deletes the old pool first", async () => {
    const prefix = `retype-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    const typed = (type: string): Declaration[] => [
      { kind: "WorkPool", name: "pool", props: { name: `${prefix}-pool`, type } },
    ];
    stack.declarations = typed("process");
    await stack.up();
    const before = await stack.resources();

    stack.declarations = typed("docker");
    expect((await stack.preview()).changes).toEqual({ replace: 1 });
    writes();
    await stack.up();
    const order = writes().map(({ method }) => method);
    expect(order).toEqual(["DELETE", "POST"]);
    const after = await context.server.request("GET", `/work_pools/${prefix}-pool`);
    expect(after).toMatchObject({ type: "docker" });
    expect(after).not.toMatchObject({ id: before.pool?.outputs.workPoolId });
    await stack.expectNoChanges({ refresh: true });
    await stack.destroy();
  });

  it("a change of the natural key replaces objects of every kind, and the old ones are deleted last", async () => {
    const prefix = `move-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    const at = (place: string): Declaration[] => [
      ...["first", "second"].map((name) => ({
        kind: "WorkPool",
        name,
        props: { name: `${prefix}-${name}`, type: "process" },
      })),
      { kind: "WorkPool", name: "pool", props: { name: `${prefix}-pool-${place}`, type: "process" } },
      { kind: "WorkQueue", name: "queue", props: { workPool: output(place, "name"), name: "queue" } },
      { kind: "QueueOrder", name: "order", props: { workPool: output(place, "name"), queues: ["default"] } },
      {
        kind: "BaseJobTemplate",
        name: "template",
        props: { workPool: output(place, "name"), template: template("a:1") },
      },
      { kind: "TagConcurrencyLimit", name: "tag", props: { tag: `${prefix}-tag-${place}`, concurrencyLimit: 1 } },
    ];
    const moved = at("first").slice(2);
    // The program has every kind with a field that forces a replacement.
    const replacing = contracts.filter(
      ({ kind }) => fieldsOf(kind, (field) => field.onChange === "replace").length > 0,
    );
    expect(new Set(moved.map(({ kind }) => kind))).toEqual(new Set(replacing.map(({ kind }) => kind)));
    stack.declarations = at("first");
    await stack.up();

    stack.declarations = at("second");
    expect((await stack.preview()).changes).toEqual({ replace: moved.length });
    writes();
    await stack.up();
    const requests = writes();
    const pools = requests.filter(isCreate("/work_pools/")).length;
    expect(pools).toBe(1);
    const created = requests.findIndex(isCreate("/work_pools/"));
    const deleted = requests.findIndex(
      ({ method, path }) => method === "DELETE" && path.endsWith(`/${prefix}-pool-first`),
    );
    expect(deleted).toBeGreaterThan(created);
    expect(await context.server.request("GET", `/work_pools/${prefix}-first/queues/queue`)).toBeUndefined();
    expect(await context.server.request("GET", `/work_pools/${prefix}-second/queues/queue`)).toMatchObject({
      name: "queue",
    });
    expect(await context.server.request("GET", `/concurrency_limits/tag/${prefix}-tag-first`)).toBeUndefined();
    expect(await context.server.request("GET", `/work_pools/${prefix}-second`)).toMatchObject({
      base_job_template: template("a:1"),
    });
    await stack.expectNoChanges({ refresh: true });
    await stack.destroy();
  });
});
