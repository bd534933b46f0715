import { expect, it } from "vitest";
import { type Declaration, output } from "../harness/declaration.ts";
import { describeOnEveryServer } from "../harness/describe-servers.ts";
import { template } from "../harness/samples.ts";

/** Drift: found by a refresh, shown in the preview, repaired by the next `up`. */

describeOnEveryServer((context, mode) => {
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

  it("a changed field shows with its path, and is changed back", async () => {
    const prefix = `drift-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    stack.declarations = program(prefix);
    await stack.up();

    const theirs = { concurrency_limit: 77, base_job_template: template("evil:1") };
    await context.server.request("PATCH", `/work_pools/${prefix}-pool`, theirs);
    await stack.expectNoChanges();
    const plan = await stack.preview({ refresh: true, diff: true });
    expect(plan.changes).toEqual({ update: 1 });
    expect(plan.text).toMatch(/concurrencyLimit\s*: 77 => 5/);
    expect(plan.text).toMatch(/default\s*: "evil:1" => "a:1"/);

    await stack.up({ refresh: true });
    const repaired = { concurrency_limit: 5, base_job_template: template("a:1") };
    expect(await context.server.request("GET", `/work_pools/${prefix}-pool`)).toMatchObject(repaired);
    await stack.expectNoChanges({ refresh: true });
    await stack.destroy();
  });

  it("deleted objects are created again", async () => {
    const prefix = `gone-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    stack.declarations = program(prefix);
    await stack.up();

    await context.server.request("DELETE", `/work_pools/${prefix}-pool`);
    await context.server.request("DELETE", `/v2/concurrency_limits/${prefix}-limit`);
    await context.server.request("DELETE", `/concurrency_limits/tag/${prefix}-tag`);
    expect((await stack.preview({ refresh: true })).changes).toEqual({ create: 4 });
    await stack.up({ refresh: true });
    expect(await context.server.request("GET", `/work_pools/${prefix}-pool/queues/queue`)).toMatchObject({
      name: "queue",
    });
    await stack.expectNoChanges({ refresh: true });

    // Destroying objects that are gone succeeds.
    await context.server.request("DELETE", `/work_pools/${prefix}-pool`);
    await stack.destroy();
    expect(await stack.resources()).toEqual({});
  });

  it("a new object with the same name is refused with advice, and stays unchanged", async () => {
    const prefix = `stranger-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    stack.declarations = program(prefix).slice(0, 1);
    await stack.up();

    await context.server.request("DELETE", `/work_pools/${prefix}-pool`);
    const theirs = { name: `${prefix}-pool`, type: "process", description: "theirs" };
    await context.server.request("POST", "/work_pools/", theirs);
    expect((await stack.preview({ refresh: true })).changes).toEqual({ create: 1 });
    const refusal = await stack.up({ refresh: true }).catch((error: Error) => error.message);
    expect(refusal).toContain(`${prefix}-pool`);
    expect(refusal).toMatch(/adopt/);
    expect(refusal).toMatch(/import/);
    expect(await context.server.request("GET", `/work_pools/${prefix}-pool`)).toMatchObject(theirs);

    await stack.destroy();
    expect(await context.server.request("GET", `/work_pools/${prefix}-pool`)).toMatchObject(theirs);
    await context.server.request("DELETE", `/work_pools/${prefix}-pool`);
  });
});
