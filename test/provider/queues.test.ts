import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PartialCreateError } from "../../provider/engine/types.ts";
import type { JsonObject } from "../../schema/json.ts";
import { Stack, startTestEnvironment, type TestEnvironment } from "../support/test-environment.ts";

let world: TestEnvironment;

beforeEach(async () => {
  world = await startTestEnvironment();
  await world.api("POST", "/work_pools/", { name: "home", type: "process" });
});

afterEach(async () => {
  await world.stop();
});

async function order(pool = "home"): Promise<[string, number][]> {
  const { body } = await world.api("POST", `/work_pools/${pool}/queues/filter`, {});
  return (body as { name: string; priority: number }[]).map(({ name, priority }) => [name, priority]);
}

async function queue(name: string, fields: JsonObject = {}): Promise<Stack> {
  const stack = new Stack(world.engine, "WorkQueue");
  await stack.up({ workPool: "home", name, ...fields });
  return stack;
}

async function queues(...names: string[]): Promise<void> {
  for (const name of names) await world.api("POST", "/work_pools/home/queues", { name });
}

describe("priorities", () => {
  it("come out as declared whatever the order and the parallelism of their creates", async () => {
    const declared: [string, number][] = [
      ["c", 3],
      ["a", 1],
      ["e", 5],
      ["b", 2],
      ["d", 4],
    ];
    await Promise.all(declared.map(([name, priority]) => queue(name, { priority })));
    expect((await order()).slice(0, 5)).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
      ["d", 4],
      ["e", 5],
    ]);
  });

  it("that the same process has left unchanged are put back when a new queue moved them", async () => {
    const a = await queue("a", { priority: 2 });
    const another = world.newEngine();
    const known = a.in(another);
    expect(await known.plan({ workPool: "home", name: "a", priority: 2 }, { refresh: false })).toBe("none");
    await new Stack(another, "WorkQueue").up({ workPool: "home", name: "b", priority: 1 });
    expect(await order()).toEqual([
      ["b", 1],
      ["a", 2],
      ["default", 3],
    ]);
  });

  it("that a partially created queue has moved are put back by the apply that goes on with it", async () => {
    const a = await queue("a", { priority: 2 });
    const made = { news: { workPool: "home", name: "b", priority: 1 } };
    const refusal = { status: 403, body: '{"detail":"no lists today"}' };
    world.network.faultFor = ({ path }) => (path.endsWith("/queues/filter") ? { instead: refusal } : "pass");
    const partial = (await world.engine
      .resource("WorkQueue")
      .create(made)
      .catch((error: unknown) => error)) as PartialCreateError;
    world.network.faultFor = () => "pass";
    expect(await order()).toEqual([
      ["b", 1],
      ["default", 2],
      ["a", 3],
    ]);

    const another = world.newEngine();
    expect(await a.in(another).plan({ workPool: "home", name: "a", priority: 2 }, { refresh: false })).toBe("none");
    // Nothing differs, and a host updates it all the same.
    await another.resource("WorkQueue").update({ ...made, olds: partial.state });
    expect(await order()).toEqual([
      ["b", 1],
      ["a", 2],
      ["default", 3],
    ]);
  });

  it("declared twice in a pool are refused, naming the other queue", async () => {
    await queue("a", { priority: 1 });
    await expect(queue("b", { priority: 1 })).rejects.toThrow(
      /^priority: is also declared by the queue "a" of the same pool.*QueueOrder/,
    );
    await expect(queue("b", { priority: 2 })).resolves.toBeInstanceOf(Stack);
  });

  it("are not touched by a queue that declares none", async () => {
    await queues("x");
    const before = await order();
    const stack = await queue("plain");
    await stack.up({ workPool: "home", name: "plain", description: "d" });
    expect((await order()).filter(([name]) => name !== "plain")).toEqual(before);
    expect(world.network.writes().some(({ body }) => body.includes("priority"))).toBe(false);
  });

  it("of any declaration hold after one apply, and a second one sends nothing", async () => {
    const priorities = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(priorities, fc.integer({ min: 0, max: 3 }), async (declared, foreign) => {
        const pool = `pool ${round++}`;
        await world.api("POST", "/work_pools/", { name: pool, type: "process" });
        for (let index = 0; index < foreign; index++) {
          await world.api("POST", `/work_pools/${encodeURIComponent(pool)}/queues`, { name: `foreign ${index}` });
        }
        const stacks = declared.map((priority) => ({ priority, stack: new Stack(world.engine, "WorkQueue") }));
        const program = (priority: number): JsonObject => ({ workPool: pool, name: `q${priority}`, priority });
        await Promise.all(stacks.map(({ priority, stack }) => stack.up(program(priority))));
        const live = new Map(await order(encodeURIComponent(pool)));
        for (const priority of declared) expect(live.get(`q${priority}`)).toBe(priority);
        world.network.writes();
        for (const { priority, stack } of stacks)
          expect(await stack.plan(program(priority), { refresh: true })).toBe("none");
        expect(world.network.writes()).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

describe("the default queue", () => {
  it("is taken over without asking, whatever its name, and restored instead of deleted, but never its place", async () => {
    const stack = await queue("default", { concurrencyLimit: 4, description: "ours", priority: 2 });
    expect((await world.api("GET", "/work_pools/home/queues/default")).body).toMatchObject({
      concurrency_limit: 4,
      description: "ours",
    });
    await stack.in(world.newEngine()).destroy();
    expect((await world.api("GET", "/work_pools/home/queues/default")).body).toMatchObject({
      concurrency_limit: null,
      description: "The work pool's default queue.",
      priority: 2,
    });
    await world.api("PATCH", "/work_pools/home/queues/default", { name: "main" });
    await queue("main", { concurrencyLimit: 1 });
    expect((await world.api("GET", "/work_pools/home/queues/main")).body).toMatchObject({ concurrency_limit: 1 });
  });

  it("keeps what somebody else set when it is let go", async () => {
    const stack = await queue("default", { concurrencyLimit: 4 });
    await world.api("PATCH", "/work_pools/home/queues/default", { concurrency_limit: 9, description: "theirs" });
    await stack.destroy();
    expect((await world.api("GET", "/work_pools/home/queues/default")).body).toMatchObject({
      concurrency_limit: 9,
      description: "theirs",
    });
  });
});

describe("a queue", () => {
  it("in a pool that does not exist is refused with the way to order the two", async () => {
    const stack = new Stack(world.engine, "WorkQueue");
    await expect(stack.up({ workPool: "nope", name: "q" })).rejects.toThrow(
      /pool "nope" does not exist\n.*`pool\.name`/,
    );
  });

  it("is renamed in place: its UUID stays, and nothing else is sent", async () => {
    const stack = await queue("q", { concurrencyLimit: 1 });
    const before = stack.id;
    world.network.writes();
    await stack.up({ workPool: "home", name: "r#?x", concurrencyLimit: 1 });
    expect(stack.id).toBe(before);
    expect(world.network.writes().map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ name: "r#?x" }]);
  });

  it("moved to another pool leaves a queue of that name there alone", async () => {
    await world.api("POST", "/work_pools/", { name: "new", type: "process" });
    await world.api("POST", "/work_pools/new/queues", { name: "q", concurrency_limit: 1 });
    const stack = await queue("q", { concurrencyLimit: 7 });
    await expect(stack.up({ workPool: "new", name: "q", concurrencyLimit: 7 })).rejects.toThrow("already exists");
    expect((await world.api("GET", "/work_pools/new/queues/q")).body).toMatchObject({ concurrency_limit: 1 });
    expect((await world.api("GET", "/work_pools/home/queues/q")).status).toBe(200);
  });
});

describe("an order of queues", () => {
  it("is made with as few writes as it takes, and holds", async () => {
    await queues("a", "b", "c");
    const stack = new Stack(world.engine, "QueueOrder");
    await stack.up({ workPool: "home", queues: ["c", "a", "b"] });
    expect((await order()).map(([name]) => name)).toEqual(["c", "a", "b", "default"]);
    world.network.writes();
    expect(await stack.plan({ workPool: "home", queues: ["c", "a", "b"] }, { refresh: true })).toBe("none");
    expect(world.network.writes()).toEqual([]);
  });

  it("that holds already sends nothing, whatever the numbers are", async () => {
    await queues("a", "b");
    await world.api("PATCH", "/work_pools/home/queues/b", { priority: 40 });
    world.network.writes();
    await new Stack(world.engine, "QueueOrder").up({ workPool: "home", queues: ["default", "a", "b"] });
    expect(world.network.writes()).toEqual([]);
  });

  it("shows a foreign queue in between as drift, and moves it behind", async () => {
    await queues("a", "b");
    const program = { workPool: "home", queues: ["a", "b"] };
    const stack = new Stack(world.engine, "QueueOrder");
    await stack.up(program);
    await world.api("POST", "/work_pools/home/queues", { name: "intruder", priority: 2 });
    expect(await stack.plan(program, { refresh: true })).toBe("update");
    expect(stack.state?.queues).toEqual(["a", "intruder", "b"]);
    await stack.up(program);
    expect((await order()).map(([name]) => name)).toEqual(["a", "b", "intruder", "default"]);
  });

  it("that names a queue which does not exist says so, and advises to refer to it", async () => {
    const stack = new Stack(world.engine, "QueueOrder");
    await expect(stack.up({ workPool: "home", queues: ["default", "hihg"] })).rejects.toThrow(
      /has no queue "hihg"\n.*`queue\.name`/,
    );
    await expect(stack.up({ workPool: "nope", queues: ["default"] })).rejects.toThrow('pool "nope" does not exist');
  });

  it("owns the place of its queues: they must not declare a priority, nor others one among the first", async () => {
    await queues("a", "b");
    await new Stack(world.engine, "QueueOrder").up({ workPool: "home", queues: ["a", "b"] });
    await expect(queue("a", { priority: 5 })).rejects.toThrow("a QueueOrder names the queue and owns its place");
    await expect(queue("x", { priority: 2 })).rejects.toThrow("lies among the first 2");
    const twice = new Stack(world.engine, "QueueOrder");
    await expect(twice.up({ workPool: "home", queues: ["b", "a"] })).rejects.toThrow(
      "another QueueOrder of the same pool",
    );
  });

  it("is put back when a new queue of the program slipped in between", async () => {
    await queues("a", "b");
    await world.api("PATCH", "/work_pools/home/queues/b", { priority: 7 });
    const program = { workPool: "home", queues: ["a", "b"] };
    const stack = new Stack(world.engine, "QueueOrder");
    await stack.up(program);
    await world.api("PATCH", "/work_pools/home/queues/b", { priority: 9 });
    await queue("new");
    expect((await order()).map(([name]) => name).slice(0, 2)).toEqual(["a", "b"]);
  });

  it("sends nothing when it is removed", async () => {
    await queues("a");
    const stack = new Stack(world.engine, "QueueOrder");
    await stack.up({ workPool: "home", queues: ["a"] });
    world.network.requests.length = 0;
    await stack.destroy();
    expect(world.network.requests).toEqual([]);
  });
});
