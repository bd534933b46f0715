import { expect, it } from "vitest";
import type { JsonObject } from "../../schema/json.ts";
import { type Declaration, output } from "./harness/declaration.ts";
import { everywhere } from "./harness/on-every-server.ts";
import { template } from "./harness/samples.ts";

/** Plans that would break or delete what deployments use. */

everywhere((site, door) => {
  /** Somebody's deployment in the pool. Answers how to take it away. */
  async function deploy(pool: string): Promise<() => Promise<unknown>> {
    const flow = (await site.world.ask("POST", "/flows/", { name: `flow-of-${pool}` })) as JsonObject;
    const deployment = (await site.world.ask("POST", "/deployments/", {
      name: "nightly",
      flow_id: flow.id ?? null,
      work_pool_name: pool,
      job_variables: { image: "b:2" },
    })) as JsonObject;
    return () => site.world.ask("DELETE", `/deployments/${String(deployment.id)}`);
  }

  const refusal = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => "nothing was refused",
      (error: Error) => error.message,
    );
  const writes = () =>
    site.world.proxy.take().filter(({ method, path }) => method !== "GET" && !/\/(filter|count)$/.test(path));

  it("a template that a deployment does not fit fails the preview, names both, and changes nothing", async () => {
    const name = `contract-${door}`;
    const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
    const pool = (baseJobTemplate: JsonObject): Declaration[] => [
      { kind: "WorkPool", name: "pool", props: { name, type: "process", baseJobTemplate } },
    ];
    stack.declarations = pool(template("a:1"));
    await stack.up();
    const takeAway = await deploy(name);
    const strict = template("a:1");
    const { properties } = strict.variables as { properties: JsonObject };
    properties.image = { type: "string", enum: ["a:1", "a:2"], default: "a:1" };
    stack.declarations = pool(strict);
    writes();
    for (const attempt of [() => stack.preview(), () => stack.up()]) {
      const message = await refusal(attempt());
      expect(message).toMatch(/baseJobTemplate\.variables\.properties\.image: .*"nightly".*`enum`/);
      expect(message).toContain("[template/refuses-deployment]");
    }
    expect(writes()).toEqual([]);
    stack.declarations = pool(template("a:3"));
    expect((await stack.preview()).changes).toEqual({ update: 1 });

    const lenient = await site.bench.stack(door, {
      "prefect:apiUrl": site.world.url,
      "prefect:contractCheck": "warn",
    });
    lenient.declarations = [{ kind: "BaseJobTemplate", name: "borrowed", props: { workPool: name, template: strict } }];
    const told = await lenient.up();
    expect(told).toMatch(/warning: template\.variables\.properties\.image: .*"nightly"/);
    await lenient.destroy();
    await takeAway();
    await stack.destroy();
  });

  it("a pool that deployments use is not planned to be replaced, so its queues stay", async () => {
    const name = `in-use-${door}`;
    const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
    const typed = (type: string): Declaration[] => [
      { kind: "WorkPool", name: "pool", props: { name, type } },
      { kind: "WorkQueue", name: "queue", props: { workPool: output("pool", "name"), name: "line" } },
    ];
    stack.declarations = typed("process");
    await stack.up();
    const queue = await site.world.ask("GET", `/work_pools/${name}/queues/line`);
    const takeAway = await deploy(name);
    stack.declarations = typed("docker");
    writes();
    for (const attempt of [() => stack.preview(), () => stack.up()]) {
      expect(await refusal(attempt())).toMatch(
        /type: .*"in-use-.*: nightly\..*`forceDelete: true`.*\[replaces-in-use\]/,
      );
    }
    expect(writes()).toEqual([]);
    expect(await site.world.ask("GET", `/work_pools/${name}/queues/line`)).toMatchObject({
      id: (queue as JsonObject).id,
    });
    await takeAway();
    await stack.up();
    expect(await site.world.ask("GET", `/work_pools/${name}`)).toMatchObject({ type: "docker" });
    await stack.destroy();
  });
});
