import { expect, it } from "vitest";
import { contractOf, contracts } from "../../schema/contracts/index.ts";
import { apiNameOf } from "../../schema/define.ts";
import type { JsonObject } from "../../schema/json.ts";
import { type Declaration, output } from "./harness/declaration.ts";
import { everywhere } from "./harness/on-every-server.ts";
import { bare, changed, sample, samplesOf } from "./harness/samples.ts";
import type { TestStack } from "./harness/workbench.ts";
import type { World } from "./harness/world.ts";

/** The whole life of a program in which every kind appears, through every door, on both servers. */

/** `all`: with every optional field. Each kind's own key is a name of this run. */
function program(prefix: string, all: boolean): Declaration[] {
  const pool = (name: string, except: readonly string[] = []) =>
    sample("WorkPool", name, { props: { name: `${prefix}-${name}` }, all, except });
  const queue = (name: string, workPool: string, except: readonly string[] = []) =>
    sample("WorkQueue", name, { props: { name, workPool: output(workPool, "name") }, all, except });
  return [
    pool("etl"),
    queue("ranked", "etl"),
    pool("ordered"),
    // An order owns the priorities of the queues it names.
    queue("urgent", "ordered", ["priority"]),
    queue("later", "ordered", ["priority"]),
    sample("QueueOrder", "order", {
      props: { workPool: output("ordered", "name"), queues: [output("urgent", "name"), output("later", "name")] },
      all,
    }),
    // A template of its own needs a pool that declares none.
    pool("templated", ["baseJobTemplate"]),
    sample("BaseJobTemplate", "template", { props: { workPool: output("templated", "name") }, all }),
    sample("GlobalConcurrencyLimit", "global", { props: { name: `${prefix}-global` }, all }),
    sample("TagConcurrencyLimit", "tag", { props: { tag: `${prefix}-tag` }, all }),
  ];
}

everywhere((site, door) => {
  it("a program with every field set applies, stays quiet, changes in place, lets go, and leaves nothing behind", async () => {
    const prefix = `full-${door}`;
    const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
    stack.declarations = program(prefix, true);
    expect(new Set(stack.declarations.map(({ kind }) => kind))).toEqual(new Set(contracts.map(({ kind }) => kind)));

    await stack.up();
    await expectOnServer(site.world, stack.declarations, prefix);
    await expectQuiet(stack);

    const before = await identities(stack);
    stack.declarations = stack.declarations.map(changedInPlace);
    const plan = await stack.preview();
    expect(plan.changes).toEqual({ update: stack.declarations.length });
    await stack.up();
    await expectOnServer(site.world, stack.declarations, prefix);
    expect(await identities(stack)).toEqual(before);
    await expectQuiet(stack);

    const full = stack.declarations;
    stack.declarations = full.map(bare);
    const optional = full.filter(
      ({ props }, index) => Object.keys(props).length > Object.keys(stack.declarations[index]?.props ?? {}).length,
    );
    expect((await stack.preview()).changes).toEqual({ update: optional.length });
    await stack.up();
    await expectLetGo(site.world, full, prefix);
    expect(await identities(stack)).toEqual(before);
    await expectQuiet(stack);

    await stack.destroy();
    expect(await stack.resources()).toEqual({});
    for (const name of ["etl", "ordered", "templated"]) {
      expect(await site.world.ask("GET", `/work_pools/${prefix}-${name}`)).toBeUndefined();
    }
    expect(await site.world.ask("GET", `/v2/concurrency_limits/${prefix}-global`)).toBeUndefined();
    expect(await site.world.ask("GET", `/concurrency_limits/tag/${prefix}-tag`)).toBeUndefined();
  });

  it("a program with every optional field unset applies, stays quiet, and leaves alone what it does not say", async () => {
    const prefix = `bare-${door}`;
    const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
    stack.declarations = program(prefix, false);
    await stack.up();
    await expectQuiet(stack);

    // Somebody else changes everything that the program does not say …
    const pool = { description: "theirs", is_paused: true, concurrency_limit: 9 };
    await site.world.ask("PATCH", `/work_pools/${prefix}-etl`, pool);
    const queue = { description: "theirs", is_paused: true, concurrency_limit: 9 };
    await site.world.ask("PATCH", `/work_pools/${prefix}-etl/queues/ranked`, queue);
    const limit = { active: false, slot_decay_per_second: 0.25 };
    await site.world.ask("PATCH", `/v2/concurrency_limits/${prefix}-global`, limit);
    await expectQuiet(stack);

    // … and an update of something else does not touch it.
    stack.declarations = stack.declarations.map((declaration) =>
      declaration.kind === "GlobalConcurrencyLimit"
        ? { ...declaration, props: { ...declaration.props, limit: 11 } }
        : declaration,
    );
    await stack.up({ refresh: true });
    expect(await site.world.ask("GET", `/work_pools/${prefix}-etl`)).toMatchObject(pool);
    expect(await site.world.ask("GET", `/work_pools/${prefix}-etl/queues/ranked`)).toMatchObject(queue);
    expect(await site.world.ask("GET", `/v2/concurrency_limits/${prefix}-global`)).toMatchObject({
      ...limit,
      limit: 11,
    });
    await stack.destroy();
  });
});

/** No changes against the state, and none against the server. */
async function expectQuiet(stack: TestStack): Promise<void> {
  await stack.expectNoChanges();
  await stack.expectNoChanges({ refresh: true });
}

/** Renames have tests of their own. */
function changedInPlace(declaration: Declaration): Declaration {
  if (declaration.kind === "QueueOrder") {
    return {
      ...declaration,
      props: { ...declaration.props, queues: [output("later", "name"), output("urgent", "name")] },
    };
  }
  return changed(declaration, ["name"]);
}

/** The UUIDs in the state, by name in the program. */
async function identities(stack: TestStack): Promise<Record<string, unknown>> {
  const resources = await stack.resources();
  return Object.fromEntries(
    Object.entries(resources).map(([name, { outputs }]) => [
      name,
      outputs.workPoolId ?? outputs.workQueueId ?? outputs.concurrencyLimitId,
    ]),
  );
}

async function live(world: World, { kind, name }: Declaration, prefix: string): Promise<JsonObject> {
  const pools: Record<string, string> = { ranked: "etl", urgent: "ordered", later: "ordered", template: "templated" };
  const pool = `${prefix}-${pools[name] ?? name}`;
  const paths: Record<string, string> = {
    WorkPool: `/work_pools/${pool}`,
    WorkQueue: `/work_pools/${pool}/queues/${name}`,
    BaseJobTemplate: `/work_pools/${pool}`,
    GlobalConcurrencyLimit: `/v2/concurrency_limits/${prefix}-global`,
    TagConcurrencyLimit: `/concurrency_limits/tag/${prefix}-tag`,
  };
  const found = await world.ask("GET", paths[kind] ?? "");
  if (typeof found !== "object" || found === null) throw new Error(`${name} is not on the server`);
  return found as JsonObject;
}

/** Every declared value is on the server, under its wire name. */
async function expectOnServer(world: World, declarations: readonly Declaration[], prefix: string): Promise<void> {
  for (const declaration of declarations) {
    const { kind, props } = declaration;
    if (kind === "QueueOrder") {
      const wanted = (props.queues as { resource: string }[]).map((queue) => queue.resource);
      const served = (await world.ask("POST", `/work_pools/${prefix}-ordered/queues/filter`, {})) as { name: string }[];
      expect(served.map((queue) => queue.name).slice(0, wanted.length)).toEqual(wanted);
      continue;
    }
    const found = await live(world, declaration, prefix);
    const { fields } = contractOf(kind);
    for (const [key, value] of Object.entries(props)) {
      const field = fields[key];
      if (field === undefined || (typeof value === "object" && value !== null && "resource" in value)) continue;
      const seen = found[apiNameOf(key, field)];
      if (field.objectKeys === undefined) expect.soft(seen, `${kind}.${key}`).toEqual(value);
      else {
        const wire = Object.entries(value as JsonObject).map(([inner, item]) => [field.objectKeys?.[inner], item]);
        expect.soft(seen, `${kind}.${key}`).toMatchObject(Object.fromEntries(wire));
      }
    }
  }
}

/** What happens to a field whose line is gone: it has the value its contract says, or the one it had. */
async function expectLetGo(world: World, full: readonly Declaration[], prefix: string): Promise<void> {
  for (const declaration of full) {
    const { kind, props } = declaration;
    if (kind === "QueueOrder") continue;
    const found = await live(world, declaration, prefix);
    for (const [key, field] of Object.entries(contractOf(kind).fields)) {
      if (field.removed === undefined || props[key] === undefined || field.objectKeys !== undefined) continue;
      const wanted = field.removed === "keep" ? samplesOf(kind, key)[1] : field.removed.set;
      expect.soft(found[apiNameOf(key, field)], `${kind}.${key} after its line was removed`).toEqual(wanted);
    }
  }
}
