import { expect } from "vitest";
import { kinds } from "../../../../schema/contracts/kinds.ts";
import { HOME, sampleOf } from "../../../support/samples.ts";
import { ManagedResource } from "../managed-resource.ts";
import type { Properties } from "../provider-process.ts";
import { PLANTED, type Scenario, template, unknown } from "./scenario.ts";

/** Create, update, replace, drift, import and delete. */
export const lifecycleScenarios: readonly Scenario[] = [
  {
    name: "a pool is created, shows no changes, is updated, loses an optional field and is deleted",
    async run(env) {
      const pool = new ManagedResource(env.provider, "WorkPool", "etl");
      const program = { name: "etl", type: "process", concurrencyLimit: 5, baseJobTemplate: template("a:1") };
      const results: unknown[] = [await pool.up(program), pool.state];
      env.network.writes();
      results.push(await pool.up(program), env.network.writes());
      results.push(await pool.up({ ...program, concurrencyLimit: 6, baseJobTemplate: template("a:2") }), pool.state);
      const { concurrencyLimit: _dropped, ...without } = program;
      results.push(await pool.up(without), pool.state, env.network.writes());
      const live: { concurrency_limit: unknown } = await env.api("GET", "/work_pools/etl");
      expect(live.concurrency_limit).toBeNull();
      await pool.destroy();
      const gone: { detail: string } = await env.api("GET", "/work_pools/etl");
      expect(gone.detail).toMatch(/not found/i);
      expect(results.filter((step) => typeof step === "string")).toEqual(["create", "same", "update", "update"]);
      return results;
    },
  },
  {
    name: "every kind is created and shows no changes after a refresh",
    async run(env) {
      await env.api("POST", "/work_pools/", { name: HOME, type: "process" });
      for (const name of ["a", "b"]) await env.api("POST", `/work_pools/${HOME}/queues`, { name });
      const results: unknown[] = [];
      for (const kind of kinds) {
        const program: Properties = sampleOf(kind).full;
        const managed = new ManagedResource(env.provider, kind, "it");
        await managed.up(program);
        results.push(managed.state);
        await managed.refresh();
        expect(await managed.plan(program)).toMatchObject({ changes: "none" });
        await managed.destroy();
      }
      return results;
    },
  },
  {
    name: "a replacement with the same name deletes the old object first",
    async run(env) {
      const pool = new ManagedResource(env.provider, "WorkPool", "replaced");
      await pool.up({ name: "replaced", type: "process" });
      const plan = await pool.plan({ name: "replaced", type: "docker" });
      expect(plan).toEqual({ changes: "some", replaces: ["type"], deleteBeforeReplace: true });
      env.network.writes();
      expect(await pool.up({ name: "replaced", type: "docker" })).toBe("replace");
      expect(env.network.writes().map(({ method }) => method)).toEqual(["DELETE", "POST"]);
      // Pulumi's engine makes this a replacement when the program's `replaceOnChanges` names the field.
      const updated = await pool.plan({ name: "replaced", type: "docker", description: "new" });
      expect(updated).toEqual({ changes: "some", replaces: [], deleteBeforeReplace: true });
      const moved = await pool.plan({ name: "replaced too", type: "docker" });
      expect(moved).toEqual({ changes: "some", replaces: ["name"], deleteBeforeReplace: false });
      return pool.state;
    },
  },
  {
    name: "a renamed queue keeps its UUID",
    async run(env) {
      await env.api("POST", "/work_pools/", { name: "renames", type: "process" });
      const queue = new ManagedResource(env.provider, "WorkQueue", "queue");
      await queue.up({ workPool: "renames", name: "before" });
      const { id } = queue;
      expect(await queue.up({ workPool: "renames", name: "after" })).toBe("update");
      expect(queue.id).toBe(id);
      return queue.state;
    },
  },
  {
    name: "drift shows in declared fields only, and is reverted",
    async run(env) {
      const pool = new ManagedResource(env.provider, "WorkPool", "drifts");
      const program = { name: "drifts", type: "process", concurrencyLimit: 3 };
      await pool.up(program);
      await env.api("PATCH", "/work_pools/drifts", {
        concurrency_limit: 77,
        is_paused: true,
        description: "by hand",
      });
      await pool.refresh();
      expect(pool.inputs).toEqual({ ...program, concurrencyLimit: 77 });
      expect(await pool.up(program)).toBe("update");
      const live: Properties = await env.api("GET", "/work_pools/drifts");
      expect(live).toMatchObject({ concurrency_limit: 3, is_paused: true, description: "by hand" });
      return pool.state;
    },
  },
  {
    name: "a deleted object is noticed, and another one with the same name is not taken for it",
    async run(env) {
      const pool = new ManagedResource(env.provider, "WorkPool", "goes");
      await pool.up({ name: "goes", type: "process" });
      await env.api("DELETE", "/work_pools/goes");
      await env.api("POST", "/work_pools/", { name: "goes", type: "process", description: "somebody else's" });
      const before = { ...pool.outputs };
      await pool.refresh();
      expect(pool.id).toBeUndefined();
      await env.provider.remove("WorkPool", "goes", before);
      const live: Properties = await env.api("GET", "/work_pools/goes");
      expect(live.description).toBe("somebody else's");
      return pool.state;
    },
  },
  {
    name: "an import by name or UUID returns the inputs that a program would declare",
    async run(env) {
      const pool: { id: string } = await env.api("POST", "/work_pools/", {
        name: "imported",
        type: "process",
        concurrency_limit: 4,
        base_job_template: template("c:1"),
      });
      const byName = await env.provider.read("WorkPool", "imported");
      const byId = await env.provider.read("WorkPool", pool.id);
      expect(byName.inputs).toEqual({
        name: "imported",
        type: "process",
        concurrencyLimit: 4,
        baseJobTemplate: template("c:1"),
      });
      expect(byId).toEqual(byName);
      expect(byName.id).toBe("imported");
      const { created: _created, ...outputs } = byName.outputs;
      const nobody = await env.provider.read("WorkPool", "nobody");
      expect(nobody.id).toBe("");
      return { ...byName, outputs };
    },
  },
  {
    name: "a resource that is only read has all outputs, whatever the program declares",
    async run(env) {
      await env.api("POST", "/work_pools/", { name: "read only", type: "process", concurrency_limit: 4 });
      const found = await env.provider.read("WorkPool", "read only", { name: "read only" });
      expect(found.outputs).toMatchObject({ name: "read only", type: "process", concurrencyLimit: 4 });
      const { created: _created, ...outputs } = found.outputs;
      return { ...found, outputs };
    },
  },
  {
    name: "unknown values are not checked, and plan an update, or a replacement where the field forces one",
    async run(env) {
      const name = "unknowns";
      const pool = new ManagedResource(env.provider, "WorkPool", name);
      const checked = await pool.check({ name: unknown, type: unknown, baseJobTemplate: template(unknown) });
      expect(checked).toEqual({
        inputs: { name: unknown, type: unknown, baseJobTemplate: template(unknown) },
        failures: [],
      });
      await pool.up({ name, type: "process", concurrencyLimit: 1, baseJobTemplate: template("d:1") });
      const leaf = await pool.plan({ name, type: "process", concurrencyLimit: 1, baseJobTemplate: template(unknown) });
      expect(leaf).toEqual({ changes: "some", replaces: [], deleteBeforeReplace: true });
      const key = await pool.plan({ name: unknown, type: "process", concurrencyLimit: 1 });
      expect(key).toMatchObject({ changes: "some", replaces: ["name"] });
      const wholeText = await pool.check({ name, type: "process", baseJobTemplate: unknown });
      expect(wholeText.failures).toEqual([]);
      return { checked, leaf, key, wholeText };
    },
  },
  {
    name: "the previous template is stored as a secret, and is never an input",
    async run(env) {
      const before = template("f:1", { password: PLANTED });
      await env.api("POST", "/work_pools/", { name: "borrowed", type: "process", base_job_template: before });
      const managed = new ManagedResource(env.provider, "BaseJobTemplate", "it");
      await managed.up({ workPool: "borrowed", template: template("f:2") });
      expect(managed.outputs.previousTemplate).toEqual({
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: before,
      });
      await managed.refresh();
      expect(JSON.stringify(managed.inputs)).not.toContain(PLANTED);
      const changed = { workPool: "borrowed", template: template("f:3") };
      expect(await managed.up(changed)).toBe("update");
      expect(await managed.up(changed)).toBe("same");
      expect(JSON.stringify(managed.outputs)).toContain(PLANTED);
      return managed.state;
    },
  },
  {
    name: "twenty objects at once are created in one process, each once",
    async run(env) {
      env.network.writes();
      const pools = Array.from(
        { length: 20 },
        (_, index) => new ManagedResource(env.provider, "WorkPool", `many-${index}`),
      );
      const steps = await Promise.all(pools.map((pool) => pool.up({ name: pool.name, type: "process" })));
      expect(new Set(steps)).toEqual(new Set(["create"]));
      expect(env.network.writes().length).toBe(20);
      await Promise.all(pools.map((pool) => pool.refresh()));
      expect(pools.map((pool) => pool.id)).toEqual(pools.map((pool) => pool.name));
      // The order of the requests is random.
      return pools.map(({ inputs, id }) => ({ inputs, id }));
    },
  },
];
