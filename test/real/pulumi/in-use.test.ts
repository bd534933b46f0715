import { expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { type Declaration, output } from "../harness/declaration.ts";
import { describeOnEveryServer } from "../harness/describe-servers.ts";
import { template } from "../harness/samples.ts";

/** Plans that would break deployments, or delete what they use. */

describeOnEveryServer((context, mode) => {
  /** Creates a deployment in the pool. Returns a function that deletes it. */
  async function deploy(pool: string): Promise<() => Promise<unknown>> {
    const flow = (await context.server.request("POST", "/flows/", { name: `flow-of-${pool}` })) as JsonObject;
    const deployment = (await context.server.request("POST", "/deployments/", {
      name: "nightly",
      flow_id: flow.id ?? null,
      work_pool_name: pool,
      job_variables: { image: "b:2" },
    })) as JsonObject;
    return () => context.server.request("DELETE", `/deployments/${String(deployment.id)}`);
  }

  const refusal = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => "nothing was refused",
      (error: Error) => error.message,
    );
  const writes = () =>
    context.server.proxy
      .takeRequests()
      .filter(({ method, path }) => method !== "GET" && !/\/(filter|count)$/.test(path));

  it("a template that a deployment does not fit fails the preview with both names, and nothing changes", async () => {
    const name = `contract-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    const pool = (baseJobTemplate: JsonObject): Declaration[] => [
      { kind: "WorkPool", name: "pool", props: { name, type: "process", baseJobTemplate } },
    ];
    stack.declarations = pool(template("a:1"));
    await stack.up();
    const undeploy = await deploy(name);
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

    const lenient = await context.pulumi.stack(mode, {
      "prefect:apiUrl": context.server.url,
      "prefect:contractCheck": "warn",
    });
    lenient.declarations = [{ kind: "BaseJobTemplate", name: "borrowed", props: { workPool: name, template: strict } }];
    const printed = await lenient.up();
    expect(printed).toMatch(/warning: template\.variables\.properties\.image: .*"nightly"/);
    await lenient.destroy();
    await undeploy();
    await stack.destroy();
  });

  it("replacing a pool that deployments use fails the preview, and its queues stay", async () => {
    const name = `in-use-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    const typed = (type: string): Declaration[] => [
      { kind: "WorkPool", name: "pool", props: { name, type } },
      { kind: "WorkQueue", name: "queue", props: { workPool: output("pool", "name"), name: "line" } },
    ];
    stack.declarations = typed("process");
    await stack.up();
    const queue = await context.server.request("GET", `/work_pools/${name}/queues/line`);
    const undeploy = await deploy(name);
    stack.declarations = typed("docker");
    writes();
    for (const attempt of [() => stack.preview(), () => stack.up()]) {
      expect(await refusal(attempt())).toMatch(
        /type: .*"in-use-.*: nightly\..*`forceDelete: true`.*\[replaces-in-use\]/,
      );
    }
    expect(writes()).toEqual([]);
    expect(await context.server.request("GET", `/work_pools/${name}/queues/line`)).toMatchObject({
      id: (queue as JsonObject).id,
    });
    await undeploy();
    await stack.up();
    expect(await context.server.request("GET", `/work_pools/${name}`)).toMatchObject({ type: "docker" });
    await stack.destroy();
  });
});
