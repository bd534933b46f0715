import { expect, it } from "vitest";
import { connect, resolveSettings } from "../../../provider/client/index.ts";
import { lifecycleOf } from "../../../provider/resources/lifecycles.ts";
import { contractOf, contracts } from "../../../schema/contracts/index.ts";
import { apiNameOf } from "../../../schema/define.ts";
import type { JsonObject } from "../../../schema/json.ts";
import { scopeOf } from "../../support/scope.ts";
import { type Declaration, output } from "../harness/declaration.ts";
import { describeOnEveryServer } from "../harness/describe-servers.ts";
import { keyWith, kindsBeside, requiredOnly, sample, samplesOf, withSecondSamples } from "../harness/samples.ts";
import type { TestServer } from "../harness/servers.ts";
import type { TestStack } from "../harness/test-stack.ts";

/** Create, update, removal of optional fields and destroy of a program with every kind, in every mode, on both servers. */

/** `all`: with every optional field. Names of objects begin with `prefix`. */
function program(prefix: string, all: boolean): Declaration[] {
  const pool = (name: string, except: readonly string[] = []) =>
    sample("WorkPool", name, { props: { name: `${prefix}-${name}` }, all, except });
  const queue = (name: string, workPool: string, except: readonly string[] = []) =>
    sample("WorkQueue", name, { props: { name, workPool: output(workPool, "name") }, all, except });
  const declarations = [
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
    // A BaseJobTemplate needs a pool that declares no template.
    pool("templated", ["baseJobTemplate"]),
    sample("BaseJobTemplate", "template", { props: { workPool: output("templated", "name") }, all }),
    sample("GlobalConcurrencyLimit", "global", { props: { name: `${prefix}-global` }, all }),
    sample("TagConcurrencyLimit", "tag", { props: { tag: `${prefix}-tag` }, all }),
  ];
  const others = kindsBeside(declarations.map(({ kind }) => kind));
  return [...declarations, ...others.map((kind) => sample(kind, kind, { props: keyWith(kind, prefix), all }))];
}

describeOnEveryServer((context, mode) => {
  it("a program with every field applies, shows no changes, updates in place, drops optional fields, and is destroyed", async () => {
    const prefix = `full-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    stack.declarations = program(prefix, true);
    expect(new Set(stack.declarations.map(({ kind }) => kind))).toEqual(new Set(contracts.map(({ kind }) => kind)));

    await stack.up();
    await expectOnServer(context.server, stack.declarations, prefix);
    await expectNoDrift(stack);

    const before = await uuidsIn(stack);
    stack.declarations = stack.declarations.map(changedInPlace);
    const plan = await stack.preview();
    expect(plan.changes).toEqual({ update: stack.declarations.length });
    await stack.up();
    await expectOnServer(context.server, stack.declarations, prefix);
    expect(await uuidsIn(stack)).toEqual(before);
    await expectNoDrift(stack);

    const full = stack.declarations;
    stack.declarations = full.map(requiredOnly);
    const optional = full.filter(
      ({ props }, index) => Object.keys(props).length > Object.keys(stack.declarations[index]?.props ?? {}).length,
    );
    expect((await stack.preview()).changes).toEqual({ update: optional.length });
    await stack.up();
    await expectRemovedFields(context.server, full, prefix);
    expect(await uuidsIn(stack)).toEqual(before);
    await expectNoDrift(stack);

    await stack.destroy();
    expect(await stack.resources()).toEqual({});
    for (const name of ["etl", "ordered", "templated"]) {
      expect(await context.server.request("GET", `/work_pools/${prefix}-${name}`)).toBeUndefined();
    }
    expect(await context.server.request("GET", `/v2/concurrency_limits/${prefix}-global`)).toBeUndefined();
    expect(await context.server.request("GET", `/concurrency_limits/tag/${prefix}-tag`)).toBeUndefined();
  });

  it("a program without optional fields applies, shows no changes, and leaves undeclared fields alone", async () => {
    const prefix = `bare-${mode}`;
    const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
    stack.declarations = program(prefix, false);
    await stack.up();
    await expectNoDrift(stack);

    // Somebody else changes every field that the program does not declare …
    const pool = { description: "theirs", is_paused: true, concurrency_limit: 9 };
    await context.server.request("PATCH", `/work_pools/${prefix}-etl`, pool);
    const queue = { description: "theirs", is_paused: true, concurrency_limit: 9 };
    await context.server.request("PATCH", `/work_pools/${prefix}-etl/queues/ranked`, queue);
    const limit = { active: false, slot_decay_per_second: 0.25 };
    await context.server.request("PATCH", `/v2/concurrency_limits/${prefix}-global`, limit);
    await expectNoDrift(stack);

    // … and an update of another field does not revert it.
    stack.declarations = stack.declarations.map((declaration) =>
      declaration.kind === "GlobalConcurrencyLimit"
        ? { ...declaration, props: { ...declaration.props, limit: 11 } }
        : declaration,
    );
    await stack.up({ refresh: true });
    expect(await context.server.request("GET", `/work_pools/${prefix}-etl`)).toMatchObject(pool);
    expect(await context.server.request("GET", `/work_pools/${prefix}-etl/queues/ranked`)).toMatchObject(queue);
    expect(await context.server.request("GET", `/v2/concurrency_limits/${prefix}-global`)).toMatchObject({
      ...limit,
      limit: 11,
    });
    await stack.destroy();
  });
});

/** No changes against the state, and none against the server after a refresh. */
async function expectNoDrift(stack: TestStack): Promise<void> {
  await stack.expectNoChanges();
  await stack.expectNoChanges({ refresh: true });
}

/** Renames are tested in replace.test.ts. */
function changedInPlace(declaration: Declaration): Declaration {
  if (declaration.kind === "QueueOrder") {
    return {
      ...declaration,
      props: { ...declaration.props, queues: [output("later", "name"), output("urgent", "name")] },
    };
  }
  return withSecondSamples(declaration, ["name"]);
}

/** The UUIDs in the state, by name in the program. */
async function uuidsIn(stack: TestStack): Promise<Record<string, unknown>> {
  const resources = await stack.resources();
  return Object.fromEntries(
    Object.entries(resources).map(([name, { type, outputs }]) => {
      const { identity } = contractOf(type.split(":").at(-1) ?? "");
      return [name, identity === undefined ? undefined : outputs[identity]];
    }),
  );
}

async function readObject(server: TestServer, { kind, name }: Declaration, prefix: string): Promise<JsonObject> {
  const pools: Record<string, string> = { ranked: "etl", urgent: "ordered", later: "ordered", template: "templated" };
  const pool = `${prefix}-${pools[name] ?? name}`;
  const paths: Record<string, string> = {
    WorkPool: `/work_pools/${pool}`,
    WorkQueue: `/work_pools/${pool}/queues/${name}`,
    BaseJobTemplate: `/work_pools/${pool}`,
    GlobalConcurrencyLimit: `/v2/concurrency_limits/${prefix}-global`,
    TagConcurrencyLimit: `/concurrency_limits/tag/${prefix}-tag`,
  };
  const at = paths[kind];
  const found = at === undefined ? await readByKey(server, kind, prefix) : await server.request("GET", at);
  if (typeof found !== "object" || found === null) throw new Error(`${name} is not on the server`);
  return found as JsonObject;
}

/** An object of a kind that this file does not know, as the API answers it. */
async function readByKey(server: TestServer, kind: string, prefix: string): Promise<JsonObject | undefined> {
  const api = connect(resolveSettings({ apiUrl: server.directUrl }, { env: {}, readFile: () => "" }));
  try {
    return (await lifecycleOf(kind).read(scopeOf(api), { key: keyWith(kind, prefix) }))?.answer;
  } finally {
    await api.close();
  }
}

/** Every declared value is on the server, under its name in the API. */
async function expectOnServer(server: TestServer, declarations: readonly Declaration[], prefix: string): Promise<void> {
  for (const declaration of declarations) {
    const { kind, props } = declaration;
    if (kind === "QueueOrder") {
      const expected = (props.queues as { resource: string }[]).map((queue) => queue.resource);
      const served = (await server.request("POST", `/work_pools/${prefix}-ordered/queues/filter`, {})) as {
        name: string;
      }[];
      expect(served.map((queue) => queue.name).slice(0, expected.length)).toEqual(expected);
      continue;
    }
    const found = await readObject(server, declaration, prefix);
    const { fields } = contractOf(kind);
    for (const [key, value] of Object.entries(props)) {
      const field = fields[key];
      if (field === undefined || (typeof value === "object" && value !== null && "resource" in value)) continue;
      const live = found[apiNameOf(key, field)];
      if (field.objectKeys === undefined) expect.soft(live, `${kind}.${key}`).toEqual(value);
      else {
        const renamed = Object.entries(value as JsonObject).map(([inner, item]) => [field.objectKeys?.[inner], item]);
        expect.soft(live, `${kind}.${key}`).toMatchObject(Object.fromEntries(renamed));
      }
    }
  }
}

/** A field that is no longer declared has the value that its contract sets on removal, or keeps the one it had. */
async function expectRemovedFields(server: TestServer, full: readonly Declaration[], prefix: string): Promise<void> {
  for (const declaration of full) {
    const { kind, props } = declaration;
    if (kind === "QueueOrder") continue;
    const found = await readObject(server, declaration, prefix);
    for (const [key, field] of Object.entries(contractOf(kind).fields)) {
      if (field.removed === undefined || props[key] === undefined || field.objectKeys !== undefined) continue;
      const expected = field.removed === "keep" ? samplesOf(kind, key)[1] : field.removed.set;
      expect.soft(found[apiNameOf(key, field)], `${kind}.${key} after its removal`).toEqual(expected);
    }
  }
}
