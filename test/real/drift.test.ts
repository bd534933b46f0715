import { expect, it } from "vitest";
import { type Declaration, output } from "./harness/declaration.ts";
import { everywhere } from "./harness/on-every-server.ts";
import { template } from "./harness/samples.ts";

/** What happened behind our back: found by a refresh, shown, and repaired by the next `up`. */

everywhere((site, door) => {
  const program = (prefix: string): Declaration[] => [
    {
      kind: "WorkPool",
      name: "pool",
      props: { name: `${prefix}-pool`, type: "process", concurrencyLimit: 5, baseJobTemplate: template("a:1") },
    },
    { kind: "WorkQueue", name: "queue", props: { workPool: output("pool", "name"), name: "queue" } },
    { kind: "GlobalConcurrencyLimit", name: "limit", props: { name: `${prefix}-limit`, limit: 2 } },
    { kind: "TagConcurrencyLimit", name: "tag", props: { tag: `${prefix}-tag`, concurrencyLimit: 2 } },
  ];

  it("a change by somebody else shows at its leaf, and is put right", async () => {
    const prefix = `drift-${door}`;
    const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
    stack.declarations = program(prefix);
    await stack.up();

    const theirs = { concurrency_limit: 77, base_job_template: template("evil:1") };
    await site.world.ask("PATCH", `/work_pools/${prefix}-pool`, theirs);
    await stack.expectNoChanges();
    const plan = await stack.preview({ refresh: true, diff: true });
    expect(plan.changes).toEqual({ update: 1 });
    expect(plan.text).toMatch(/concurrencyLimit\s*: 77 => 5/);
    expect(plan.text).toMatch(/default\s*: "evil:1" => "a:1"/);

    await stack.up({ refresh: true });
    const repaired = { concurrency_limit: 5, base_job_template: template("a:1") };
    expect(await site.world.ask("GET", `/work_pools/${prefix}-pool`)).toMatchObject(repaired);
    await stack.expectNoChanges({ refresh: true });
    await stack.destroy();
  });

  it("what somebody deleted is made again", async () => {
    const prefix = `gone-${door}`;
    const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
    stack.declarations = program(prefix);
    await stack.up();

    await site.world.ask("DELETE", `/work_pools/${prefix}-pool`);
    await site.world.ask("DELETE", `/v2/concurrency_limits/${prefix}-limit`);
    await site.world.ask("DELETE", `/concurrency_limits/tag/${prefix}-tag`);
    expect((await stack.preview({ refresh: true })).changes).toEqual({ create: 4 });
    await stack.up({ refresh: true });
    expect(await site.world.ask("GET", `/work_pools/${prefix}-pool/queues/queue`)).toMatchObject({ name: "queue" });
    await stack.expectNoChanges({ refresh: true });

    // A destroy meets objects that are gone, and is content.
    await site.world.ask("DELETE", `/work_pools/${prefix}-pool`);
    await stack.destroy();
    expect(await stack.resources()).toEqual({});
  });

  it("another object under the same name is somebody else's: refused with what to do, and untouched", async () => {
    const prefix = `stranger-${door}`;
    const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
    stack.declarations = program(prefix).slice(0, 1);
    await stack.up();

    await site.world.ask("DELETE", `/work_pools/${prefix}-pool`);
    const theirs = { name: `${prefix}-pool`, type: "process", description: "theirs" };
    await site.world.ask("POST", "/work_pools/", theirs);
    expect((await stack.preview({ refresh: true })).changes).toEqual({ create: 1 });
    const refusal = await stack.up({ refresh: true }).catch((error: Error) => error.message);
    expect(refusal).toContain(`${prefix}-pool`);
    expect(refusal).toMatch(/adopt/);
    expect(refusal).toMatch(/import/);
    expect(await site.world.ask("GET", `/work_pools/${prefix}-pool`)).toMatchObject(theirs);

    await stack.destroy();
    expect(await site.world.ask("GET", `/work_pools/${prefix}-pool`)).toMatchObject(theirs);
    await site.world.ask("DELETE", `/work_pools/${prefix}-pool`);
  });
});
