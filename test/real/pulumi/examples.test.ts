import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../schema/json.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { ExampleStacks, examples } from "../harness/example-stacks.ts";
import { servers, type TestServer } from "../harness/servers.ts";
import { modes } from "../harness/test-stack.ts";

/** The unchanged example folders in a user's project. TypeScript and YAML must create the same objects. */

for (const server of servers) {
  describeOnServer(server, (context) => {
    let stacks: ExampleStacks;
    beforeAll(async () => {
      stacks = await ExampleStacks.create();
    });
    afterAll(() => stacks?.[Symbol.asyncDispose]());

    it.each(examples)(
      "examples/%s applies, shows no changes and is destroyed, with the same objects in every mode",
      async (example) => {
        // One example adopts a pool that exists already.
        await context.server.request("DELETE", "/work_pools/local-pool");
        await context.server.request("POST", "/work_pools/", { name: "local-pool", type: "process" });
        const before = await objects(context.server);
        const created: Json[] = [];
        for (const mode of modes) {
          const stack = await stacks.stack(example, mode, context.server.url);
          await stack.up();
          created.push(await objects(context.server));
          await stack.preview({ expectNoChanges: true, diff: true });
          await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
          await stack.destroy();
          expect(await objects(context.server), mode).toEqual(before);
        }
        await context.server.request("DELETE", "/work_pools/local-pool");
        expect(created[0]).not.toEqual(before);
        // YAML cannot compute a template from the bundled default, so its template differs.
        for (const other of created.slice(1, example === "existing-pool" ? 2 : undefined))
          expect(other).toEqual(created[0]);
      },
    );
  });
}

/** The examples' objects on the server, without computed values. */
async function objects(server: TestServer): Promise<JsonObject> {
  const ours = /^(autoloader|ada|grace|linus|local-pool|machine|tag:autoloader)/;
  const named = (list: Json | undefined) =>
    (list as (JsonObject & { name: string })[]).filter(({ name }) => ours.test(name));
  const pools = named(await server.request("POST", "/work_pools/filter", {}));
  const limits = named(await server.request("POST", "/v2/concurrency_limits/filter", {}));
  const result: JsonObject = {};
  for (const pool of pools) {
    const queues = (await server.request("POST", `/work_pools/${pool.name}/queues/filter`, {})) as JsonObject[];
    const { type = null, description = null, concurrency_limit = null, base_job_template = null } = pool;
    result[pool.name] = {
      ...{ type, description, concurrency_limit, base_job_template },
      queues: queues.map(({ name = null, description = null, concurrency_limit = null }) => ({
        name,
        description,
        concurrency_limit,
      })),
    };
  }
  for (const { name, limit = null, active = null } of limits) result[name] = { limit, active };
  return result;
}
