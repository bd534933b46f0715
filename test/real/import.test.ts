import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../schema/json.ts";
import type { Declaration } from "./harness/declaration.ts";
import { on } from "./harness/on-every-server.ts";
import { template } from "./harness/samples.ts";
import { referenceServer, servers, type World } from "./harness/world.ts";

/** What exists already comes under management without being touched. */

const key = "imported";
/** A pool whose template has a resource of its own. */
const elsewhere = "imported-elsewhere";
/** Of every kind: what a program says of it, and how people call it. `uuid`: where to find its UUID. */
const kinds: readonly { declaration: Declaration; called: string; uuid?: string }[] = [
  {
    declaration: {
      kind: "WorkPool",
      name: "pool",
      props: { name: key, type: "process", concurrencyLimit: 5, baseJobTemplate: template("a:1") },
    },
    called: key,
    uuid: `/work_pools/${key}`,
  },
  {
    declaration: { kind: "WorkQueue", name: "queue", props: { workPool: key, name: "queue", concurrencyLimit: 2 } },
    called: `${key}/queue`,
    uuid: `/work_pools/${key}/queues/queue`,
  },
  {
    declaration: { kind: "QueueOrder", name: "order", props: { workPool: key, queues: ["default", "queue"] } },
    called: key,
  },
  {
    declaration: {
      kind: "BaseJobTemplate",
      name: "template",
      props: { workPool: elsewhere, template: template("a:1") },
    },
    called: elsewhere,
  },
  {
    declaration: { kind: "GlobalConcurrencyLimit", name: "global", props: { name: key, limit: 4 } },
    called: key,
    uuid: `/v2/concurrency_limits/${key}`,
  },
  {
    declaration: { kind: "TagConcurrencyLimit", name: "tag", props: { tag: key, concurrencyLimit: 4 } },
    called: key,
    uuid: `/concurrency_limits/tag/${key}`,
  },
];

async function populate(world: World): Promise<void> {
  await clear(world);
  await world.ask("POST", "/work_pools/", { name: elsewhere, type: "process", base_job_template: template("a:1") });
  const pool = { name: key, type: "process", concurrency_limit: 5, base_job_template: template("a:1") };
  await world.ask("POST", "/work_pools/", pool);
  await world.ask("POST", `/work_pools/${key}/queues`, { name: "queue", concurrency_limit: 2 });
  await world.ask("POST", "/v2/concurrency_limits/", { name: key, limit: 4 });
  await world.ask("POST", "/concurrency_limits/", { tag: key, concurrency_limit: 4 });
}

async function clear(world: World): Promise<void> {
  for (const pool of [key, elsewhere]) await world.ask("DELETE", `/work_pools/${pool}`);
  await world.ask("DELETE", `/v2/concurrency_limits/${key}`);
  await world.ask("DELETE", `/concurrency_limits/tag/${key}`);
}

async function uuidAt(world: World, path: string): Promise<string> {
  return String(((await world.ask("GET", path)) as JsonObject).id);
}

for (const server of servers) {
  on(server, (site) => {
    it("pulumi import takes every kind by the name people use, and the program that says the same has nothing to do", async () => {
      await populate(site.world);
      const stack = await site.bench.stack("yaml", { "prefect:apiUrl": site.world.url });
      for (const { declaration, called } of kinds) {
        const { kind, name } = declaration;
        const flags = ["--yes", "--generate-code=false", "--protect=false"];
        const { code, stdout, stderr } = await stack.cli("import", `prefect:index:${kind}`, name, called, ...flags);
        expect(code, stdout + stderr).toBe(0);
      }
      stack.declarations = kinds.map(({ declaration }) => declaration);
      await stack.expectNoChanges();
      await stack.expectNoChanges({ refresh: true });
      await clear(site.world);
    });

    it("pulumi import takes a UUID, and answers the same state as for the name", async () => {
      await populate(site.world);
      const states = [];
      for (const by of ["name", "uuid"] as const) {
        const stack = await site.bench.stack("yaml", { "prefect:apiUrl": site.world.url });
        for (const { declaration, called, uuid } of kinds) {
          if (uuid === undefined) continue;
          const id = by === "name" ? called : await uuidAt(site.world, uuid);
          const { code, stdout, stderr } = await stack.cli(
            ...["import", `prefect:index:${declaration.kind}`, declaration.name, id],
            ...["--yes", "--generate-code=false", "--protect=false"],
          );
          expect(code, stdout + stderr).toBe(0);
        }
        const resources = Object.values(await stack.resources());
        states.push(resources.map(({ id, inputs, outputs }) => ({ id, inputs, outputs })));
      }
      expect(states[1]).toEqual(states[0]);
      await clear(site.world);
    });
  });
}

on(referenceServer, (site) => {
  it("something that does not exist cannot be imported, and the message says so", async () => {
    const stack = await site.bench.stack("yaml", { "prefect:apiUrl": site.world.url });
    const { code, stdout, stderr } = await stack.cli(
      ...["import", "prefect:index:WorkPool", "pool", "nowhere", "--yes", "--generate-code=false"],
    );
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("nowhere");
    expect(await stack.resources()).toEqual({});
  });

  it("the option `import` takes over through the native door", async () => {
    await populate(site.world);
    const stack = await site.bench.stack("native", { "prefect:apiUrl": site.world.url });
    stack.declarations = kinds.map(({ declaration, called }) => ({ ...declaration, options: { import: called } }));
    // What is created is the stack itself.
    expect((await stack.preview()).changes).toEqual({ create: 1, import: kinds.length });
    await stack.up();
    await stack.expectNoChanges({ refresh: true });
    await clear(site.world);
  });

  describe("through the dynamic door", () => {
    it("an import file brings objects in, and the program that says the same has nothing to do", async () => {
      await populate(site.world);
      const stack = await site.bench.stack("dynamic", { "prefect:apiUrl": site.world.url });
      const resources = [];
      for (const { declaration, called, uuid } of kinds) {
        const { kind, name, props } = declaration;
        const provider = `exports.handler=()=>require("prefect-iac/dynamic").handler(${JSON.stringify(kind)})`;
        const inputs = { ...props, __provider: provider };
        const facts = uuid === undefined ? {} : factsIn(kind, (await site.world.ask("GET", uuid)) as JsonObject);
        const byUuid = kind === "WorkQueue" || kind === "GlobalConcurrencyLimit";
        const id = byUuid && uuid !== undefined ? await uuidAt(site.world, uuid) : called;
        resources.push({
          type: `pulumi-nodejs:dynamic/prefect:${kind}`,
          name,
          id,
          inputs,
          outputs: { ...inputs, ...facts },
        });
      }
      const { code, stdout, stderr } = await stack.importFile(resources);
      expect(code, stdout + stderr).toBe(0);
      stack.declarations = kinds.map(({ declaration }) => declaration);
      await stack.expectNoChanges();
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
      expect(await site.world.ask("GET", `/work_pools/${key}`)).toBeUndefined();
    });
  });
});

/** The facts that the server's answer holds, by their names in the contract. */
function factsIn(kind: string, answer: JsonObject): JsonObject {
  const { id = null, created = null, default_queue_id: defaultQueueId = null } = answer;
  if (kind === "WorkPool") return { workPoolId: id, created, defaultQueueId };
  if (kind === "WorkQueue") return { workQueueId: id, created };
  return { concurrencyLimitId: id, created };
}
