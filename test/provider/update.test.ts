import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PartialCreateError } from "../../provider/engine/types.ts";
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
