import { describe, expect, it } from "vitest";
import { connect, resolveSettings } from "../../../provider/client/index.ts";
import type { Lifecycle, Scope } from "../../../provider/engine/lifecycle.ts";
import { lifecycleOf } from "../../../provider/resources/lifecycles.ts";
import { contractOf } from "../../../schema/contracts/index.ts";
import { apiNameOf } from "../../../schema/define.ts";
import type { JsonObject } from "../../../schema/json.ts";
import { scopeOf } from "../../support/scope.ts";
import type { Declaration } from "../harness/declaration.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { keyWith, kindsBeside, sample, template } from "../harness/samples.ts";
import { referenceServer, servers, type TestServer } from "../harness/servers.ts";

/** Existing objects are imported without being changed. */

const key = "imported";
/** A pool whose template is managed by a BaseJobTemplate. */
const templatePool = "imported-template-pool";
/** Each kind: its declaration and its import id. `uuid`: the path of the object, to read its UUID. */
const declared: readonly { declaration: Declaration; importId: string; uuid?: string }[] = [
  {
    declaration: {
      kind: "WorkPool",
      name: "pool",
      props: { name: key, type: "process", concurrencyLimit: 5, baseJobTemplate: template("a:1") },
    },
    importId: key,
    uuid: `/work_pools/${key}`,
  },
  {
    declaration: { kind: "WorkQueue", name: "queue", props: { workPool: key, name: "queue", concurrencyLimit: 2 } },
    importId: `${key}/queue`,
    uuid: `/work_pools/${key}/queues/queue`,
  },
  {
    declaration: { kind: "QueueOrder", name: "order", props: { workPool: key, queues: ["default", "queue"] } },
    importId: key,
  },
  {
    declaration: {
      kind: "BaseJobTemplate",
      name: "template",
      props: { workPool: templatePool, template: template("a:1") },
    },
    importId: templatePool,
  },
  {
    declaration: { kind: "GlobalConcurrencyLimit", name: "global", props: { name: key, limit: 4 } },
    importId: key,
    uuid: `/v2/concurrency_limits/${key}`,
  },
  {
    declaration: { kind: "TagConcurrencyLimit", name: "tag", props: { tag: key, concurrencyLimit: 4 } },
    importId: key,
    uuid: `/concurrency_limits/tag/${key}`,
  },
];

const others = kindsBeside(declared.map(({ declaration }) => declaration.kind)).map((kind) => ({
  declaration: sample(kind, kind, { props: keyWith(kind, key), all: false }),
  importId: Object.values(keyWith(kind, key)).join("/"),
}));
const kinds: typeof declared = [...declared, ...others];

/** Makes or deletes what `others` declare. */
async function forOthers(
  server: TestServer,
  run: (lifecycle: Lifecycle, scope: Scope, values: JsonObject) => Promise<unknown>,
) {
  const api = connect(resolveSettings({ apiUrl: server.directUrl }, { env: {}, readFile: () => "" }));
  for (const { declaration } of others) {
    await run(lifecycleOf(declaration.kind), scopeOf(api), declaration.props as JsonObject);
  }
  await api.close();
}

async function populate(server: TestServer): Promise<void> {
  await clear(server);
  await server.request("POST", "/work_pools/", {
    name: templatePool,
    type: "process",
    base_job_template: template("a:1"),
  });
  const pool = { name: key, type: "process", concurrency_limit: 5, base_job_template: template("a:1") };
  await server.request("POST", "/work_pools/", pool);
  await server.request("POST", `/work_pools/${key}/queues`, { name: "queue", concurrency_limit: 2 });
  await server.request("POST", "/v2/concurrency_limits/", { name: key, limit: 4 });
  await server.request("POST", "/concurrency_limits/", { tag: key, concurrency_limit: 4 });
  await forOthers(server, (lifecycle, scope, values) => lifecycle.create(scope, values));
}

async function clear(server: TestServer): Promise<void> {
  for (const pool of [key, templatePool]) await server.request("DELETE", `/work_pools/${pool}`);
  await server.request("DELETE", `/v2/concurrency_limits/${key}`);
  await server.request("DELETE", `/concurrency_limits/tag/${key}`);
  await forOthers(server, async (lifecycle, scope, values) => {
    const object = await lifecycle.read(scope, { key: values });
    if (object !== undefined) await lifecycle.remove(scope, object, {}, false);
  });
}

async function uuidAt(server: TestServer, path: string): Promise<string> {
  return String(((await server.request("GET", path)) as JsonObject).id);
}

for (const server of servers) {
  describeOnServer(server, (context) => {
    it("pulumi import takes every kind by name, and the same program then shows no changes", async () => {
      await populate(context.server);
      const stack = await context.pulumi.stack("yaml", { "prefect:apiUrl": context.server.url });
      for (const { declaration, importId } of kinds) {
        const { kind, name } = declaration;
        const flags = ["--yes", "--generate-code=false", "--protect=false"];
        const { code, stdout, stderr } = await stack.cli("import", `prefect:index:${kind}`, name, importId, ...flags);
        expect(code, stdout + stderr).toBe(0);
      }
      stack.declarations = kinds.map(({ declaration }) => declaration);
      await stack.expectNoChanges();
      await stack.expectNoChanges({ refresh: true });
      await clear(context.server);
    });

    it("pulumi import by UUID gives the same state as by name", async () => {
      await populate(context.server);
      const states = [];
      for (const by of ["name", "uuid"] as const) {
        const stack = await context.pulumi.stack("yaml", { "prefect:apiUrl": context.server.url });
        for (const { declaration, importId, uuid } of kinds) {
          if (uuid === undefined) continue;
          const id = by === "name" ? importId : await uuidAt(context.server, uuid);
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
      await clear(context.server);
    });
  });
}

describeOnServer(referenceServer, (context) => {
  it("an object that does not exist cannot be imported, and the message says so", async () => {
    const stack = await context.pulumi.stack("yaml", { "prefect:apiUrl": context.server.url });
    const { code, stdout, stderr } = await stack.cli(
      ...["import", "prefect:index:WorkPool", "pool", "nowhere", "--yes", "--generate-code=false"],
    );
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("nowhere");
    expect(await stack.resources()).toEqual({});
  });

  it("the option `import` works with the plugin", async () => {
    await populate(context.server);
    const stack = await context.pulumi.stack("native", { "prefect:apiUrl": context.server.url });
    stack.declarations = kinds.map(({ declaration, importId }) => ({ ...declaration, options: { import: importId } }));
    // The one create is the stack itself.
    expect((await stack.preview()).changes).toEqual({ create: 1, import: kinds.length });
    await stack.up();
    await stack.expectNoChanges({ refresh: true });
    await clear(context.server);
  });

  describe("the dynamic provider", () => {
    it("takes an import file, and the same program then shows no changes", async () => {
      await populate(context.server);
      const stack = await context.pulumi.stack("dynamic", { "prefect:apiUrl": context.server.url });
      const resources = [];
      for (const { declaration, importId, uuid } of kinds) {
        const { kind, name, props } = declaration;
        const provider = `exports.handler=()=>require("prefect-iac/dynamic").handler(${JSON.stringify(kind)})`;
        const inputs = { ...props, __provider: provider };
        const computed =
          uuid === undefined ? {} : computedOutputs(kind, (await context.server.request("GET", uuid)) as JsonObject);
        const byUuid = kind === "WorkQueue" || kind === "GlobalConcurrencyLimit";
        const id = byUuid && uuid !== undefined ? await uuidAt(context.server, uuid) : importId;
        resources.push({
          type: `pulumi-nodejs:dynamic/prefect:${kind}`,
          name,
          id,
          inputs,
          outputs: { ...inputs, ...computed },
        });
      }
      const { code, stdout, stderr } = await stack.importFile(resources);
      expect(code, stdout + stderr).toBe(0);
      stack.declarations = kinds.map(({ declaration }) => declaration);
      await stack.expectNoChanges();
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
      expect(await context.server.request("GET", `/work_pools/${key}`)).toBeUndefined();
    });
  });
});

/** The computed outputs of an object, by their names in the contract. */
function computedOutputs(kind: string, object: JsonObject): JsonObject {
  const outputs = Object.entries(contractOf(kind).outputs).filter(([, { apiName }]) => apiName !== null);
  return Object.fromEntries(outputs.map(([name, output]) => [name, object[apiNameOf(name, output)] ?? null]));
}
