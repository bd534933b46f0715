import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PartialCreateError } from "../../provider/engine/types.ts";
import type { JsonObject } from "../../schema/json.ts";
import { defaultTemplate } from "../../schema/template/workers/worker-metadata.ts";
import type { NetworkFault, RecordedRequest } from "../support/network.ts";
import { Stack, startTestEnvironment, type TestEnvironment } from "../support/test-environment.ts";

let world: TestEnvironment;

beforeEach(async () => {
  world = await startTestEnvironment();
});

afterEach(async () => {
  await world.stop();
});

const etl = { name: "etl", type: "process", concurrencyLimit: 5 };
const isCreate = ({ method, path }: RecordedRequest): boolean => method === "POST" && path.endsWith("/work_pools/");

/** Plays tricks on the first creates, one each. */
function onCreates(...tricks: NetworkFault[]): void {
  world.network.faultFor = (request) => (isCreate(request) ? (tricks.shift() ?? "pass") : "pass");
}

const creates = (): number => world.network.requests.filter(isCreate).length;

describe("a create, exactly once", () => {
  const fault = { status: 500, body: '{"exception_message":"Internal Server Error"}' };
  const doneButUnclear: [string, NetworkFault][] = [
    ["is lost", "lose"],
    ["is a 500", { after: fault }],
    ["is a 502 of a proxy", { after: { status: 502, body: "<html>Bad Gateway</html>", type: "text/html" } }],
    ["is a 504", { after: { status: 504, body: "" } }],
    ["cannot be read", { after: { status: 201, body: "{ not json" } }],
    ["is a 201 without what is needed", { after: { status: 201, body: '{"name":"etl"}' } }],
  ];

  it.each(doneButUnclear)("goes on with the object it made when the answer %s", async (_name, trick) => {
    onCreates(trick);
    const stack = new Stack(world.engine, "WorkPool");
    await stack.up(etl);
    const { body } = await world.api("GET", "/work_pools/etl");
    expect(stack.state?.workPoolId).toBe((body as JsonObject).id);
    expect(creates()).toBe(1);
    expect(await stack.plan(etl, { refresh: true })).toBe("none");
  });

  it("sends again when the request never arrived", async () => {
    onCreates("cut", { instead: fault });
    const stack = new Stack(world.engine, "WorkPool");
    await stack.up(etl);
    expect(creates()).toBe(3);
    expect((await world.api("GET", "/work_pools/etl")).status).toBe(200);
  });

  it("gives up after a few sends, and leaves nothing behind", async () => {
    world.network.faultFor = (request) => (isCreate(request) ? { instead: fault } : "pass");
    const stack = new Stack(world.engine, "WorkPool");
    await expect(stack.up(etl)).rejects.toThrow(/Creating WorkPool "etl" failed[\s\S]*500/);
    expect(creates()).toBe(3);
    expect(stack.state).toBeUndefined();
  });

  it("does not take somebody else's object for its own, though it was made a moment ago", async () => {
    const theirs = { name: "etl", type: "process", concurrency_limit: 6 };
    await world.api("POST", "/work_pools/", theirs);
    onCreates("lose");
    await expect(new Stack(world.engine, "WorkPool").up(etl)).rejects.toThrow("already exists");
    const { body } = await world.api("GET", "/work_pools/etl");
    expect((body as JsonObject).concurrency_limit).toBe(6);
  });

  it("does not take an equal object for its own after a clean conflict, though it was made a moment ago", async () => {
    const template = defaultTemplate("process") ?? {};
    const equal = { name: "etl", type: "process", concurrency_limit: 5, base_job_template: template };
    await world.api("POST", "/work_pools/", equal);
    await expect(new Stack(world.engine, "WorkPool").up(etl)).rejects.toThrow("already exists");
  });

  it("of two resources that declare one object makes one, and refuses the other, in every kind with an object of its own", async () => {
    await world.api("POST", "/work_pools/", { name: "home", type: "process" });
    const programs: [string, JsonObject][] = [
      ["WorkPool", etl],
      ["WorkQueue", { workPool: "home", name: "q" }],
      ["GlobalConcurrencyLimit", { name: "db", limit: 1 }],
      ["TagConcurrencyLimit", { tag: "db", concurrencyLimit: 1 }],
    ];
    for (const [kind, news] of programs) {
      for (const engines of [[world.engine, world.engine] as const, [world.newEngine(), world.newEngine()] as const]) {
        const program = { ...news, [Object.keys(news).includes("tag") ? "tag" : "name"]: `x${Math.random()}` };
        const first = engines[0].resource(kind).create({ news: program });
        if (engines[0] !== engines[1]) await first;
        const second = engines[1].resource(kind).create({ news: program });
        const outcomes = await Promise.allSettled([first, second]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
        expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
          reason: { message: expect.stringContaining("already exists") },
        });
      }
    }
  });

  it("does not take an object for its own when an undeclared field is not as the server makes it", async () => {
    const theirs = {
      name: "etl",
      type: "process",
      concurrency_limit: 5,
      description: "theirs",
      base_job_template: defaultTemplate("process") ?? {},
    };
    await world.api("POST", "/work_pools/", theirs);
    await expect(new Stack(world.engine, "WorkPool").up(etl)).rejects.toThrow("already exists");
  });

  it("is never sent again after a refusal", async () => {
    world.network.faultFor = (request) =>
      isCreate(request) ? { instead: { status: 403, body: '{"detail":"no"}' } } : "pass";
    await expect(new Stack(world.engine, "WorkPool").up(etl)).rejects.toThrow("403");
    expect(creates()).toBeLessThanOrEqual(2);
  });

  it("needs no later read: the state comes from the answer", async () => {
    world.network.faultFor = (request) => (/\/work_(pools|queues)\/./.test(request.path) ? { instead: fault } : "pass");
    const stack = new Stack(world.engine, "WorkPool");
    await stack.up(etl);
    expect(stack.state).toMatchObject({ ...etl, defaultQueueId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it("that is cancelled while the server works saves the object it made", async () => {
    onCreates("hang");
    const controller = new AbortController();
    const outcome = world.engine
      .resource("WorkPool")
      .create({ news: etl, signal: controller.signal })
      .catch((error: unknown) => error);
    while ((await world.api("GET", "/work_pools/etl")).status !== 200);
    controller.abort();
    const error = (await outcome) as PartialCreateError;
    expect(error).toBeInstanceOf(PartialCreateError);
    expect(error.summary).toBe("cancelled");
    expect(error).toMatchObject({ id: "etl", state: { ...etl, workPoolId: expect.any(String) } });
  });

  it("that is cancelled before anything was made saves nothing", async () => {
    const controller = new AbortController();
    controller.abort();
    const news = etl;
    await expect(
      world.engine.resource("WorkPool").create({ news, signal: controller.signal }),
    ).rejects.not.toBeInstanceOf(PartialCreateError);
    expect((await world.api("GET", "/work_pools/etl")).status).toBe(404);
  });
});

describe("a new pool without a template", () => {
  it("gets the default of its type, which is not in the state and never a difference", async () => {
    const stack = new Stack(world.engine, "WorkPool");
    await stack.up(etl);
    const { body } = await world.api("GET", "/work_pools/etl");
    expect((body as JsonObject).base_job_template).toEqual(defaultTemplate("process"));
    expect(stack.state).not.toHaveProperty("baseJobTemplate");
    await world.api("PATCH", "/work_pools/etl", { base_job_template: {} });
    expect(await stack.plan(etl, { refresh: true })).toBe("none");
  });

  it("gets an empty one when its type has no default", async () => {
    await new Stack(world.engine, "WorkPool").up({ name: "own", type: "my-own-worker" });
    const { body } = await world.api("GET", "/work_pools/own");
    expect((body as JsonObject).base_job_template).toEqual({});
  });
});

describe("an object that exists already", () => {
  const theirs = { name: "etl", type: "process", description: "theirs", concurrency_limit: 5 };

  beforeEach(async () => {
    await world.api("POST", "/work_pools/", theirs);
    world.network.writes();
  });

  it("is refused by default, saying what exists, where it differs and how to take it over", async () => {
    const stack = new Stack(world.engine, "WorkPool");
    await expect(stack.up({ ...etl, concurrencyLimit: 7, description: "mine" })).rejects.toThrow(
      /^WorkPool "etl" already exists at http:\/\/127\.0\.0\.1:\d+\/api and is not in the state\nNothing was changed \(UUID .*\)\. It differs from the program at: description, concurrencyLimit\. To take it over and make it match, add `adopt: "always"` to the resource\. Or import it under the id "etl"\./,
    );
    expect((await world.api("GET", "/work_pools/etl")).body).toMatchObject(theirs);
    expect(stack.state).toBeUndefined();
  });

  it("is told apart when it looks like a create that was cut off", async () => {
    await expect(new Stack(world.engine, "WorkPool").up(etl)).rejects.toThrow(/cut off.*add `adopt: "ifEqual"`/);
  });

  it("is taken over by ifEqual when every declared value is there already, sending nothing", async () => {
    const stack = new Stack(world.engine, "WorkPool");
    await stack.up({ ...etl, adopt: "ifEqual" });
    expect(world.network.writes().filter((request) => !isCreate(request))).toEqual([]);
    expect(stack.state).toMatchObject({ ...etl, adopt: "ifEqual", workPoolId: expect.any(String) });
    const another = new Stack(world.newEngine(), "WorkPool");
    await expect(another.up({ ...etl, concurrencyLimit: 6, adopt: "ifEqual" })).rejects.toThrow(
      "takes over only what is equal",
    );
  });

  it("is taken over by always and made to match, and only in what is declared", async () => {
    const stack = new Stack(world.engine, "WorkPool");
    await stack.up({ ...etl, concurrencyLimit: 7, adopt: "always" });
    const { body } = await world.api("GET", "/work_pools/etl");
    expect(body).toMatchObject({ ...theirs, concurrency_limit: 7, base_job_template: {} });
    const patch = world.network.writes().find(({ method }) => method === "PATCH");
    expect(JSON.parse(patch?.body ?? "")).toEqual({ concurrency_limit: 7 });
  });

  it("of another type is not taken over, whatever the policy: its type cannot be changed", async () => {
    for (const adopt of ["refuse", "ifEqual", "always"]) {
      const stack = new Stack(world.engine, "WorkPool");
      const refused = expect(stack.up({ ...etl, type: "docker", concurrencyLimit: 7, adopt })).rejects;
      await refused.toThrow(/already exists.*\n.* type, concurrencyLimit\. It cannot be taken over, for type of an/);
    }
    expect(world.network.writes().filter((request) => !isCreate(request))).toEqual([]);
  });

  it("follows the provider's policy unless the resource has its own", async () => {
    const adopting = world.newEngine({ adopt: "always" });
    await expect(new Stack(adopting, "WorkPool").up({ ...etl, adopt: "refuse" })).rejects.toThrow("already exists");
    await new Stack(adopting, "WorkPool").up(etl);
  });

  it("follows a policy that arrives as text, and names a setting that cannot be used", async () => {
    await expect(new Stack(world.newEngine({ adopt: "perhaps" as "always" }), "WorkPool").up(etl)).rejects.toThrow(
      /Creating a WorkPool failed\n.*adopt/,
    );
  });

  it("is not overwritten by a kind whose create is an upsert", async () => {
    await world.api("POST", "/concurrency_limits/", { tag: "db", concurrency_limit: 3 });
    const limit = { tag: "db", concurrencyLimit: 9 };
    await expect(new Stack(world.engine, "TagConcurrencyLimit").up(limit)).rejects.toThrow("already exists");
    const { body } = await world.api("GET", "/concurrency_limits/tag/db");
    expect((body as JsonObject).concurrency_limit).toBe(3);
    await new Stack(world.engine, "TagConcurrencyLimit").up({ ...limit, adopt: "always" });
  });
});

describe("identity", () => {
  it("is the UUID: another object under the same name is not read, not updated, not removed", async () => {
    const stack = new Stack(world.engine, "WorkPool");
    await stack.up(etl);
    await world.api("DELETE", "/work_pools/etl");
    await world.api("POST", "/work_pools/", { name: "etl", type: "process", description: "theirs" });
    await expect(stack.up({ ...etl, concurrencyLimit: 6 })).rejects.toThrow(
      /not the object this program manages[\s\S]*somebody else's/,
    );
    await stack.destroy();
    expect(world.warnings.join()).toContain("left alone");
    expect((await world.api("GET", "/work_pools/etl")).body).toMatchObject({
      description: "theirs",
      concurrency_limit: null,
    });
    await stack.refresh();
    expect(stack.state).toBeUndefined();
  });

  it("survives a rename behind our back: a queue and a limit are found again and named back", async () => {
    await world.api("POST", "/work_pools/", { name: "home", type: "process" });
    const queue = new Stack(world.engine, "WorkQueue");
    await queue.up({ workPool: "home", name: "q" });
    await world.api("PATCH", "/work_pools/home/queues/q", { name: "theirs" });
    expect(await queue.plan({ workPool: "home", name: "q" }, { refresh: true })).toBe("update");
    await queue.up({ workPool: "home", name: "q" });
    expect((await world.api("GET", "/work_pools/home/queues/q")).body).toMatchObject({ id: queue.id });
  });

  it("keeps two names apart: a rename onto a taken one is refused, naming it and the way out", async () => {
    const stacks = ["a", "b"].map(() => new Stack(world.engine, "GlobalConcurrencyLimit"));
    await stacks[0]?.up({ name: "a", limit: 1 });
    await stacks[1]?.up({ name: "b", limit: 2 });
    await expect(stacks[0]?.up({ name: "b", limit: 1 })).rejects.toThrow(
      /^Updating GlobalConcurrencyLimit "a" failed: there is another GlobalConcurrencyLimit "b" already\nNothing was changed\. PATCH .*409.* swap /,
    );
    expect((await world.api("GET", "/v2/concurrency_limits/a")).body).toMatchObject({ limit: 1 });
  });

  it("says that an object is gone, and what to do, when an update does not find it", async () => {
    const stack = new Stack(world.engine, "GlobalConcurrencyLimit");
    await stack.up({ name: "db", limit: 1 });
    await world.api("DELETE", `/v2/concurrency_limits/${stack.id}`);
    await expect(stack.up({ name: "db", limit: 2 })).rejects.toThrow(
      /^GlobalConcurrencyLimit "db" does not exist at http:\/\/127\.0\.0\.1:\d+\/api any more\n.*Refresh the state/,
    );
  });
});
