import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PartialCreateError } from "../../provider/engine/types.ts";
import { contractOf } from "../../schema/contracts/index.ts";
import type { JsonObject } from "../../schema/json.ts";
import { template } from "../support/samples.ts";
import { Stack, startTestEnvironment, type TestEnvironment } from "../support/test-environment.ts";

let world: TestEnvironment;

beforeEach(async () => {
  world = await startTestEnvironment();
});

afterEach(async () => {
  await world.stop();
});

const pool = {
  name: "etl",
  type: "process",
  concurrencyLimit: 2,
  isPaused: false,
  description: "a",
  baseJobTemplate: template("app:1"),
};
const theirs = { is_paused: true, description: "by hand", base_job_template: template("app:9") };

const patches = (): unknown[] =>
  world.network
    .writes()
    .filter(({ method }) => method === "PATCH")
    .map(({ body }) => JSON.parse(body));

describe("an update without a refresh", () => {
  it("sends what the plan showed, leaves what others changed, and names that in one warning without values", async () => {
    const stack = new Stack(() => world.newEngine(), "WorkPool");
    await stack.up(pool);
    await world.api("PATCH", "/work_pools/etl", theirs);
    world.network.writes();
    expect(await stack.up({ ...pool, concurrencyLimit: 3 })).toBe("update");
    expect(patches()).toEqual([{ concurrency_limit: 3 }]);
    expect((await world.api("GET", "/work_pools/etl")).body).toMatchObject({ ...theirs, concurrency_limit: 3 });
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /^WorkPool "etl" was changed on the server.* at: description, isPaused, baseJobTemplate\..*refresh/,
      ),
    ]);
    expect(world.warnings.join()).not.toContain("by hand");
  });

  it("does not send what the server has already, though the plan showed it", async () => {
    const stack = new Stack(() => world.newEngine(), "WorkPool");
    await stack.up(pool);
    await world.api("PATCH", "/work_pools/etl", { concurrency_limit: 3 });
    world.network.writes();
    expect(await stack.up({ ...pool, concurrencyLimit: 3 })).toBe("update");
    expect(patches()).toEqual([]);
    expect(world.warnings).toEqual([]);
  });

  it("leaves drift to the next refresh, which shows it", async () => {
    const stack = new Stack(() => world.newEngine(), "WorkPool");
    await stack.up(pool);
    await world.api("PATCH", "/work_pools/etl", theirs);
    expect(await stack.up({ ...pool, concurrencyLimit: 3 })).toBe("update");
    expect(await stack.plan({ ...pool, concurrencyLimit: 3 }, { refresh: true })).toBe("update");
    await stack.up({ ...pool, concurrencyLimit: 3 });
    expect((await world.api("GET", "/work_pools/etl")).body).toMatchObject({ is_paused: false, description: "a" });
  });

  it("names in every kind what it left", async () => {
    const limit = { name: "db", limit: 1, active: true };
    const stack = new Stack(() => world.newEngine(), "GlobalConcurrencyLimit");
    await stack.up(limit);
    await world.api("PATCH", "/v2/concurrency_limits/db", { active: false });
    await stack.up({ ...limit, limit: 2 });
    expect((await world.api("GET", "/v2/concurrency_limits/db")).body).toMatchObject({ active: false, limit: 2 });
    expect(world.warnings.join()).toContain("at: active.");
  });

  it("keeps a queue at its declared priority when another update of the same apply moves it", async () => {
    await world.api("POST", "/work_pools/", { name: "home", type: "process" });
    const queue = (name: string, priority: number, more: JsonObject = {}) =>
      ({ workPool: "home", name, priority, ...more }) as JsonObject;
    const first = [new Stack(world.engine, "WorkQueue"), new Stack(world.engine, "WorkQueue")] as const;
    await first[0].up(queue("a", 5));
    await first[1].up(queue("b", 2));
    const process = world.newEngine();
    const [a, b] = [first[0].in(process), first[1].in(process)];
    // A host plans both before it applies either.
    expect(await a.plan(queue("a", 1), { refresh: false })).toBe("update");
    expect(await b.plan(queue("b", 2, { description: "d" }), { refresh: false })).toBe("update");
    await a.up(queue("a", 1));
    await b.up(queue("b", 2, { description: "d" }));
    const { body } = await world.api("POST", "/work_pools/home/queues/filter", {});
    expect((body as { name: string; priority: number }[]).slice(0, 2)).toMatchObject([
      { name: "a", priority: 1 },
      { name: "b", priority: 2 },
    ]);
    expect(world.warnings).toEqual([]);
  });

  it("that finishes a partial create sends all that is declared and differs: nothing of it was confirmed", async () => {
    await world.api("POST", "/work_pools/", { name: "home", type: "process" });
    const refusal = { status: 403, body: '{"detail":"no lists today"}' };
    world.network.faultFor = ({ path }) => (path.endsWith("/queues/filter") ? { instead: refusal } : "pass");
    const news = { workPool: "home", name: "b", priority: 1, description: "d" };
    const partial = await world.engine
      .resource("WorkQueue")
      .create({ news })
      .catch((error: unknown) => error);
    if (!(partial instanceof PartialCreateError)) throw partial;
    world.network.faultFor = () => "pass";
    await world.api("PATCH", "/work_pools/home/queues/b", { description: "" });
    await world.newEngine().resource("WorkQueue").update({ olds: partial.state, news });
    expect((await world.api("GET", "/work_pools/home/queues/b")).body).toMatchObject({ description: "d" });
  });
});

describe("an object whose name another one takes between our read and our write", () => {
  /** Somebody deletes the object and makes another one of its name, just before our request arrives. */
  async function takeOver(kind: string, program: JsonObject, path: string, collection: string, theirs: JsonObject) {
    const stack = new Stack(() => world.newEngine(), kind);
    await stack.up(program);
    let once = true;
    const take = async () => {
      await world.api("DELETE", path);
      expect((await world.api("POST", collection, theirs)).status).toBeLessThan(300);
    };
    world.network.beforeForwarding = async ({ method }) => {
      if (method === "GET" || !once) return;
      once = false;
      await take();
    };
    return stack;
  }

  it("is not written and not deleted where the API has a route by UUID", async () => {
    await world.api("POST", "/work_pools/", { name: "home", type: "process" });
    const queue = { workPool: "home", name: "q" };
    const theirs = { name: "q", description: "theirs" };
    const at = ["/work_pools/home/queues/q", "/work_pools/home/queues", theirs] as const;
    const updated = await takeOver("WorkQueue", queue, ...at);
    await expect(updated.up({ ...queue, description: "ours" })).rejects.toThrow(/Updating WorkQueue "home\/q" failed/);
    expect((await world.api("GET", at[0])).body).toMatchObject(theirs);
    await world.api("DELETE", at[0]);
    const deleted = await takeOver("WorkQueue", queue, ...at);
    await deleted.destroy();
    expect((await world.api("GET", at[0])).body).toMatchObject(theirs);

    const tag = { tag: "db", concurrencyLimit: 1 };
    const limit = { tag: "db", concurrency_limit: 7 };
    const gone = await takeOver(
      "TagConcurrencyLimit",
      tag,
      "/concurrency_limits/tag/db",
      "/concurrency_limits/",
      limit,
    );
    await gone.destroy();
    expect((await world.api("GET", "/concurrency_limits/tag/db")).body).toMatchObject(limit);
  });

  it("is reported where the API has none", async () => {
    const program = { name: "etl", type: "process" };
    const stack = await takeOver("WorkPool", program, "/work_pools/etl", "/work_pools/", program);
    await expect(stack.up({ ...program, description: "ours" })).rejects.toThrow(
      /^WorkPool "etl" was replaced by somebody else while it was updated\n.*UUID [0-9a-f-]{36}/,
    );
  });

  it("is reported of a tag limit, too, whose write is an upsert", async () => {
    const tag = { tag: "db", concurrencyLimit: 1 };
    const limit = { tag: "db", concurrency_limit: 7 };
    const at = ["/concurrency_limits/tag/db", "/concurrency_limits/", limit] as const;
    const stack = await takeOver("TagConcurrencyLimit", tag, ...at);
    await expect(stack.up({ ...tag, concurrencyLimit: 2 })).rejects.toThrow("was replaced by somebody else");
  });
});

describe("a tag limit that is deleted between our read and our write", () => {
  it("is made anew, and its new UUID goes into the state: every later apply goes on with it", async () => {
    const tag = { tag: "db", concurrencyLimit: 1 };
    const stack = new Stack(() => world.newEngine(), "TagConcurrencyLimit");
    await stack.up(tag);
    world.network.beforeForwarding = async ({ method }) => {
      if (method === "POST") await world.api("DELETE", "/concurrency_limits/tag/db");
    };
    await stack.up({ ...tag, concurrencyLimit: 2 });
    world.network.beforeForwarding = async () => {};
    const identity = contractOf("TagConcurrencyLimit").identity ?? "";
    expect(stack.state?.[identity]).toBe(
      ((await world.api("GET", "/concurrency_limits/tag/db")).body as JsonObject).id,
    );
    expect(await stack.up({ ...tag, concurrencyLimit: 3 })).toBe("update");
  });
});

describe("a lost answer to the update of a tag limit", () => {
  it("is repeated, as every update is: the POST is an upsert with the same value", async () => {
    const stack = new Stack(() => world.newEngine(), "TagConcurrencyLimit");
    await stack.up({ tag: "db", concurrencyLimit: 1 });
    let lost = 0;
    world.network.faultFor = ({ method }) => (method === "POST" && lost++ === 0 ? "lose" : "pass");
    await stack.up({ tag: "db", concurrencyLimit: 2 });
    expect(lost).toBe(2);
    expect(await stack.plan({ tag: "db", concurrencyLimit: 2 }, { refresh: true })).toBe("none");
  });
});

describe("the contract check before an update", () => {
  it("compares with the template that the server has, not with the one that was applied last", async () => {
    const strict = (values: string[]): JsonObject => ({
      job_configuration: { image: "{{ image }}" },
      variables: { type: "object", properties: { image: { enum: values } }, required: ["image"] },
    });
    await world.api("POST", "/work_pools/", { name: "etl", type: "process", base_job_template: strict(["a", "b"]) });
    const { id } = (await world.api("POST", "/flows/", { name: "flow" })).body as { id: string };
    const deployment = { name: "d", flow_id: id, work_pool_name: "etl", job_variables: { image: "b" } };
    expect((await world.api("POST", "/deployments/", deployment)).status).toBe(201);
    const applied = { name: "etl", type: "process", baseJobTemplate: strict(["a"]) };
    const declared = { ...applied, baseJobTemplate: strict(["a", "c"]) };
    const problems = await world.engine.resource("WorkPool").preflight({ applied, declared });
    expect(problems.map(({ rule }) => rule)).toEqual(["template/refuses-deployment"]);
  });
});
