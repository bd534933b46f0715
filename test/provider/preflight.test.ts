import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProviderSettings } from "../../schema/config.ts";
import { type JsonObject, type PlanObject, UNKNOWN } from "../../schema/json.ts";
import { template } from "../support/samples.ts";
import { startTestEnvironment, type TestEnvironment } from "../support/test-environment.ts";

let world: TestEnvironment;

beforeEach(async () => {
  world = await startTestEnvironment();
});
afterEach(() => world.stop());

const strict: JsonObject = {
  job_configuration: { image: "{{ image }}" },
  variables: { type: "object", properties: { image: { enum: ["a:1"] } }, required: ["image"] },
};

async function pool(base_job_template: JsonObject, deployments = 1): Promise<void> {
  await world.api("POST", "/work_pools/", { name: "etl", type: "process", base_job_template });
  const { id } = (await world.api("POST", "/flows/", { name: "flow" })).body as { id: string };
  for (let index = 0; index < deployments; index++) {
    const deployment = { name: `d${index}`, flow_id: id, work_pool_name: "etl", job_variables: { image: "b:1" } };
    expect((await world.api("POST", "/deployments/", deployment)).status).toBe(201);
  }
}

async function inspect(
  kind: string,
  applied: JsonObject | undefined,
  declared: PlanObject,
  settings?: ProviderSettings,
): Promise<string[]> {
  const engine = settings === undefined ? world.engine : world.newEngine(settings);
  const problems = await engine.resource(kind).preflight({ applied, declared });
  return problems.map(({ severity, rule, path }) => `${severity} ${rule} ${path.join(".")}`);
}

const etl = { name: "etl", type: "process" };
const broken = "error template/refuses-deployment baseJobTemplate.variables.properties.image";

describe("before a template is changed, the deployments of its pool are looked at", () => {
  it("as strictly as the configuration says", async () => {
    await pool(template("a:1"));
    const change = [
      "WorkPool",
      { ...etl, baseJobTemplate: template("a:1") },
      { ...etl, baseJobTemplate: strict },
    ] as const;
    expect(await inspect(...change)).toEqual([broken]);
    expect(await inspect(...change, { contractCheck: "error" })).toEqual([broken]);
    expect(await inspect(...change, { contractCheck: "warn" })).toEqual([broken.replace("error", "warning")]);
    const asked = world.network.requests.length;
    expect(await inspect(...change, { contractCheck: "off" })).toEqual([]);
    expect(world.network.requests).toHaveLength(asked);
  });

  it("all of them, page by page, in as few requests as there are pages", async () => {
    await pool(template("a:1"), 230);
    const applied = { ...etl, baseJobTemplate: template("a:1") };
    const [problem, ...more] = await world.engine.resource("WorkPool").preflight({
      applied,
      declared: { ...etl, baseJobTemplate: strict },
    });
    expect(more).toEqual([]);
    expect(problem?.message).toContain("and 220 more");
    const paths = world.network.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith("/deployments/filter"))).toHaveLength(2);
  });

  it("by what the pool has, where nothing was applied before", async () => {
    await pool(template("a:1"));
    expect(await inspect("WorkPool", etl, { ...etl, baseJobTemplate: strict })).toEqual([broken]);
    const ours = { workPool: "etl", template: strict };
    expect(await inspect("BaseJobTemplate", undefined, ours)).toEqual([broken.replace("baseJobTemplate", "template")]);
    expect(await inspect("BaseJobTemplate", undefined, { ...ours, template: template("a:1") })).toEqual([]);
    expect(await inspect("BaseJobTemplate", undefined, { ...ours, workPool: "none" })).toEqual([]);
    await world.api("PATCH", "/work_pools/etl", { base_job_template: strict });
    expect(await inspect("BaseJobTemplate", undefined, ours)).toEqual([]);
  });

  it("and nobody is asked where no such change is planned, or it is not known yet", async () => {
    const declared = { ...etl, baseJobTemplate: strict };
    for (const [kind, applied, news] of [
      ["WorkPool", undefined, declared],
      ["WorkPool", declared, { ...declared, concurrencyLimit: 3 }],
      ["WorkPool", etl, { ...etl, baseJobTemplate: { ...strict, job_configuration: { image: UNKNOWN } } }],
      ["BaseJobTemplate", undefined, { workPool: UNKNOWN, template: strict }],
      ["BaseJobTemplate", { workPool: "etl", template: strict }, { workPool: "etl", template: strict }],
      ["GlobalConcurrencyLimit", { name: "a", limit: 1 }, { name: "b", limit: 2 }],
    ] as const) {
      expect(await inspect(kind, applied, news)).toEqual([]);
    }
    expect(world.network.requests).toEqual([]);
  });

  it("a line that is deleted is a warning where the value stays on the server, without a value or a request", async () => {
    const applied = { ...etl, isPaused: true, baseJobTemplate: template("a:1"), concurrencyLimit: 3 };
    expect(await inspect("WorkPool", applied, etl)).toEqual([
      "warning released isPaused",
      "warning released baseJobTemplate",
    ]);
    const limit = { name: "a", limit: 1 };
    expect(await inspect("GlobalConcurrencyLimit", { ...limit, active: false }, limit)).toEqual([
      "warning released active",
    ]);
    const [problem] = await world.engine.resource("WorkPool").preflight({ applied, declared: etl });
    expect(problem?.message).toMatch(/^is not declared any more.*it stays as it is on the server/);
    expect(await inspect("WorkPool", etl, etl)).toEqual([]);
    expect(await inspect("WorkPool", applied, { ...applied, isPaused: UNKNOWN })).toEqual([]);
    expect(world.network.requests).toEqual([]);
    // A replacement makes a new object, with the server's own values.
    expect(await inspect("WorkPool", applied, { ...etl, type: "docker" })).toEqual([]);
  });

  it("a server that cannot be asked is a warning that says which request failed", async () => {
    world.network.faultFor = () => ({ instead: { status: 403, body: '{"detail":"Forbidden"}' } });
    const applied = { ...etl, baseJobTemplate: template("a:1") };
    const problems = await world.engine.resource("WorkPool").preflight({
      applied,
      declared: { ...etl, baseJobTemplate: strict },
    });
    expect(problems).toEqual([
      { rule: "not-inspected", severity: "warning", path: [], message: expect.stringContaining("403") },
    ]);
    const unusable = { apiUrl: "ftp://nowhere" };
    expect(await inspect("WorkPool", applied, { ...etl, baseJobTemplate: strict }, unusable)).toEqual([
      "warning not-inspected ",
    ]);
  });
});

describe("before something in use is replaced", () => {
  const change = ["WorkPool", etl, { ...etl, type: "docker" }] as const;
  const refused = "error replaces-in-use type";

  it("that is refused, unless forceDelete is in force for the old object", async () => {
    await pool(template("a:1"));
    expect(await inspect(...change)).toEqual([refused]);
    expect(await inspect(...change, { forceDelete: true })).toEqual([]);
    const [kind, applied, declared] = change;
    expect(await inspect(kind, { ...applied, forceDelete: true }, declared)).toEqual([]);
    expect(await inspect(kind, { ...applied, forceDelete: false }, declared, { forceDelete: true })).toEqual([refused]);
    expect(await inspect(kind, applied, { ...declared, forceDelete: true })).toEqual([refused]);
    expect(await inspect(...change, { contractCheck: "off" })).toEqual([refused]);
  });

  it("what nobody uses, what is gone and what stays on the server may be", async () => {
    expect(await inspect(...change)).toEqual([]);
    await pool(template("a:1"), 0);
    expect(await inspect(...change)).toEqual([]);
    const { id } = (await world.api("POST", "/flows/", { name: "flow" })).body as { id: string };
    await world.api("POST", "/deployments/", { name: "d", flow_id: id, work_pool_name: "etl" });
    const queue = { workPool: "etl", name: "default" };
    expect(await inspect("WorkQueue", queue, { ...queue, workPool: "other" })).toEqual([]);
  });
});
