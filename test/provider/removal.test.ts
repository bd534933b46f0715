import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../schema/json.ts";
import { template } from "../support/samples.ts";
import { Stack, startTestEnvironment, type TestEnvironment } from "../support/test-environment.ts";

let world: TestEnvironment;

beforeEach(async () => {
  world = await startTestEnvironment();
  await world.api("POST", "/work_pools/", { name: "home", type: "process", base_job_template: template("theirs:1") });
});

afterEach(async () => {
  await world.stop();
});

async function live(): Promise<unknown> {
  const { body } = await world.api("GET", "/work_pools/home");
  return (body as JsonObject).base_job_template;
}

const program = { workPool: "home", template: template("ours:1") };

describe("a template on somebody else's pool", () => {
  it("remembers what it found and puts it back, also after changes", async () => {
    const stack = new Stack(() => world.newEngine(), "BaseJobTemplate");
    await stack.up(program);
    expect(stack.state?.previousTemplate).toEqual(template("theirs:1"));
    await stack.up({ ...program, template: template("ours:2") });
    expect(stack.state?.previousTemplate).toEqual(template("theirs:1"));
    expect(await live()).toEqual(template("ours:2"));
    await stack.refresh();
    await stack.destroy();
    expect(await live()).toEqual(template("theirs:1"));
  });

  it("remembers nothing, and so keeps, when it was already as declared, and after an import", async () => {
    const same = new Stack(() => world.newEngine(), "BaseJobTemplate");
    await same.up({ workPool: "home", template: template("theirs:1") });
    expect(same.state).not.toHaveProperty("previousTemplate");
    const seen = await world.engine.resource("BaseJobTemplate").read({ id: "home" });
    expect(seen?.state).not.toHaveProperty("previousTemplate");
    world.network.writes();
    await same.destroy();
    expect(world.network.writes()).toEqual([]);
  });

  it("keeps what somebody else made of it since, with a warning", async () => {
    const stack = new Stack(() => world.newEngine(), "BaseJobTemplate");
    await stack.up(program);
    await world.api("PATCH", "/work_pools/home", { base_job_template: template("edited:1") });
    await stack.destroy();
    expect(await live()).toEqual(template("edited:1"));
    expect(world.warnings.join()).toContain("was kept: it was changed since");
  });

  it("keeps when the program says so", async () => {
    const stack = new Stack(() => world.newEngine(), "BaseJobTemplate");
    await stack.up({ ...program, onDelete: "keep" });
    await stack.destroy();
    expect(await live()).toEqual(template("ours:1"));
  });

  it("leaves a new pool of the same name alone", async () => {
    const stack = new Stack(() => world.newEngine(), "BaseJobTemplate");
    await stack.up(program);
    await world.api("DELETE", "/work_pools/home");
    await world.api("POST", "/work_pools/", { name: "home", type: "process", base_job_template: template("ours:1") });
    await stack.destroy();
    expect(await live()).toEqual(template("ours:1"));
  });

  it("has one owner in a program", async () => {
    world.engine.resource("WorkPool").check({
      program: { name: "home", type: "process", baseJobTemplate: template("a:1") },
      inState: false,
    });
    const { problems } = world.engine.resource("BaseJobTemplate").check({ program: program, inState: false });
    expect(problems.map(({ rule }) => rule)).toEqual(["template/two-owners"]);
  });
});

describe("a resource that was renamed in the program", () => {
  it("is not deleted by its old name after its new name took the object over in the same process", async () => {
    const old = new Stack(() => world.newEngine(), "WorkPool");
    await old.up({ name: "etl", type: "process" });
    const process = world.newEngine();
    await new Stack(process, "WorkPool").up({ name: "etl", type: "process", adopt: "ifEqual" });
    await process.resource("WorkPool").remove({ state: old.state ?? {} });
    expect((await world.api("GET", "/work_pools/etl")).status).toBe(200);
    expect(world.warnings.join()).toMatch(/left alone: another resource of this program has just adopted it.*alias/);
  });

  it("is deleted by a later process as usual", async () => {
    const stack = new Stack(() => world.newEngine(), "WorkPool");
    await stack.up({ name: "etl", type: "process" });
    await world
      .newEngine()
      .resource("WorkPool")
      .remove({ state: stack.state ?? {} });
    expect((await world.api("GET", "/work_pools/etl")).status).toBe(404);
  });
});

describe("what deployments use", () => {
  const kinds: [kind: string, declared: JsonObject][] = [
    ["WorkPool", { name: "used", type: "process" }],
    ["WorkQueue", { workPool: "home", name: "used" }],
    ["GlobalConcurrencyLimit", { name: "used", limit: 1 }],
  ];

  async function deployOn(kind: string, state: JsonObject | undefined): Promise<void> {
    const flow = (await world.api("POST", "/flows/", { name: "load" })).body as JsonObject;
    const uses: { [kind: string]: JsonObject } = {
      WorkPool: { work_pool_name: "used" },
      WorkQueue: { work_pool_name: "home", work_queue_name: "used" },
      GlobalConcurrencyLimit: { global_concurrency_limit_id: state?.concurrencyLimitId ?? null },
    };
    const deployment = { name: "hourly", flow_id: flow.id ?? null, ...uses[kind] };
    expect((await world.api("POST", "/deployments/", deployment)).status).toBeLessThan(300);
  }

  it.each(kinds)("is not deleted, and the deployments are named: %s", async (kind, declared) => {
    const stack = new Stack(() => world.newEngine(), kind);
    await stack.up(declared);
    await deployOn(kind, stack.state);
    await expect(stack.destroy()).rejects.toThrow(/is in use and was not deleted\nThese deployments use it: hourly\. /);
  });

  it.each(kinds)("is deleted by force, be it the resource's or the configuration's: %s", async (kind, declared) => {
    for (const ofResource of [true, false]) {
      const stack = new Stack(() => world.newEngine({ forceDelete: !ofResource }), kind);
      await stack.up(ofResource ? { ...declared, forceDelete: true } : declared);
      await deployOn(kind, stack.state);
      await stack.destroy();
      await stack.refresh();
      expect(stack.state).toBeUndefined();
    }
  });

  it("is not deleted when the resource says so, whatever the configuration says", async () => {
    const stack = new Stack(() => world.newEngine({ forceDelete: true }), "WorkPool");
    await stack.up({ name: "used", type: "process", forceDelete: false });
    await deployOn("WorkPool", stack.state);
    await expect(stack.destroy()).rejects.toThrow(/is in use and was not deleted/);
  });
});
