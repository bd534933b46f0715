import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json, JsonObject } from "../../schema/json.ts";
import { ExampleBench, examples, flavours } from "./harness/examples.ts";
import { on } from "./harness/on-every-server.ts";
import { servers, type World } from "./harness/world.ts";

/** The example folders, as they are, in a user's project. Both languages must leave the same objects on the server. */

for (const server of servers) {
  on(server, (site) => {
    let bench: ExampleBench;
    beforeAll(async () => {
      bench = await ExampleBench.open();
    });
    afterAll(() => bench?.[Symbol.asyncDispose]());

    it.each(examples)(
      "examples/%s applies, stays quiet and goes, and is the same in every flavour",
      async (example) => {
        // The pool that one of the stories needs from somebody else.
        await site.world.ask("DELETE", "/work_pools/local-pool");
        await site.world.ask("POST", "/work_pools/", { name: "local-pool", type: "process" });
        const before = await objects(site.world);
        const left: Json[] = [];
        for (const flavour of flavours) {
          const stack = await bench.stack(example, flavour, site.world.url);
          await stack.up();
          left.push(await objects(site.world));
          await stack.preview({ expectNoChanges: true, diff: true });
          await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
          await stack.destroy();
          expect(await objects(site.world), flavour).toEqual(before);
        }
        await site.world.ask("DELETE", "/work_pools/local-pool");
        expect(left[0]).not.toEqual(before);
        // YAML cannot compute a template from the bundled default, and so writes another one.
        for (const other of left.slice(1, example === "existing-pool" ? 2 : undefined)) expect(other).toEqual(left[0]);
      },
    );
  });
}

/** Everything on the server that the stories are about, without what the server makes up. */
async function objects(world: World): Promise<JsonObject> {
  const ours = /^(autoloader|ada|grace|linus|local-pool|machine|tag:autoloader)/;
  const named = (list: Json | undefined) =>
    (list as (JsonObject & { name: string })[]).filter(({ name }) => ours.test(name));
  const pools = named(await world.ask("POST", "/work_pools/filter", {}));
  const limits = named(await world.ask("POST", "/v2/concurrency_limits/filter", {}));
  const seen: JsonObject = {};
  for (const pool of pools) {
    const queues = (await world.ask("POST", `/work_pools/${pool.name}/queues/filter`, {})) as JsonObject[];
    const { type = null, description = null, concurrency_limit = null, base_job_template = null } = pool;
    seen[pool.name] = {
      ...{ type, description, concurrency_limit, base_job_template },
      queues: queues.map(({ name = null, description = null, concurrency_limit = null }) => ({
        name,
        description,
        concurrency_limit,
      })),
    };
  }
  for (const { name, limit = null, active = null } of limits) seen[name] = { limit, active };
  return seen;
}
