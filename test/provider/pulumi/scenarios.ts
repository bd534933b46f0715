import { expect } from "vitest";
import { encode } from "../../../provider/pulumi/wire.ts";
import { kinds } from "../../../schema/contracts/kinds.ts";
import { UNKNOWN } from "../../../schema/json.ts";
import { HOME, sampleOf } from "../../support/samples.ts";
import { CallFailure, type Properties } from "./door.ts";
import { Managed } from "./managed.ts";
import type { Stage } from "./stage.ts";

/** What is played on both doors. `play` checks what has to be so, and answers what was seen: that has to be the same on both. */
export interface Scenario {
  name: string;
  play(stage: Stage): Promise<unknown>;
}

/** Planted where it must never come out again: it stands for a secret. */
export const PLANTED = "planted-f00dfeed";

export const unknown = encode(UNKNOWN) as string;

export const template = (image: unknown, more: Properties = {}): Properties => ({
  job_configuration: { image: "{{ image }}", env: { HOME: "/root" }, ...more },
  variables: { type: "object", properties: { image: { type: "string", default: image } } },
});

export const scenarios: readonly Scenario[] = [
  {
    name: "a pool is made, stays as it is, changes, loses a line and goes",
    async play(stage) {
      const pool = new Managed(stage.door, "WorkPool", "etl");
      const program = { name: "etl", type: "process", concurrencyLimit: 5, baseJobTemplate: template("a:1") };
      const seen: unknown[] = [await pool.up(program), pool.state];
      stage.network.writes();
      seen.push(await pool.up(program), stage.network.writes());
      seen.push(await pool.up({ ...program, concurrencyLimit: 6, baseJobTemplate: template("a:2") }), pool.state);
      const { concurrencyLimit: _dropped, ...without } = program;
      seen.push(await pool.up(without), pool.state, stage.network.writes());
      const live: { concurrency_limit: unknown } = await stage.api("GET", "/work_pools/etl");
      expect(live.concurrency_limit).toBeNull();
      await pool.destroy();
      const gone: { detail: string } = await stage.api("GET", "/work_pools/etl");
      expect(gone.detail).toMatch(/not found/i);
      expect(seen.filter((step) => typeof step === "string")).toEqual(["create", "same", "update", "update"]);
      return seen;
    },
  },
  {
    name: "every kind is made from a program and is the same at the second look",
    async play(stage) {
      await stage.api("POST", "/work_pools/", { name: HOME, type: "process" });
      for (const name of ["a", "b"]) await stage.api("POST", `/work_pools/${HOME}/queues`, { name });
      const seen: unknown[] = [];
      for (const kind of kinds) {
        const program: Properties = sampleOf(kind).full;
        const managed = new Managed(stage.door, kind, "it");
        await managed.up(program);
        seen.push(managed.state);
        await managed.refresh();
        expect(await managed.plan(program)).toMatchObject({ changes: "none" });
        await managed.destroy();
      }
      return seen;
    },
  },
  {
    name: "a change of a key that keeps the name replaces, the old object first",
    async play(stage) {
      const pool = new Managed(stage.door, "WorkPool", "replaced");
      await pool.up({ name: "replaced", type: "process" });
      const plan = await pool.plan({ name: "replaced", type: "docker" });
      expect(plan).toEqual({ changes: "some", replaces: ["type"], deleteBeforeReplace: true });
      stage.network.writes();
      expect(await pool.up({ name: "replaced", type: "docker" })).toBe("replace");
      expect(stage.network.writes().map(({ method }) => method)).toEqual(["DELETE", "POST"]);
      // Pulumi's engine makes this a replacement when the program's `replaceOnChanges` names the field.
      const updated = await pool.plan({ name: "replaced", type: "docker", description: "new" });
      expect(updated).toEqual({ changes: "some", replaces: [], deleteBeforeReplace: true });
      const moved = await pool.plan({ name: "replaced too", type: "docker" });
      expect(moved).toEqual({ changes: "some", replaces: ["name"], deleteBeforeReplace: false });
      return pool.state;
    },
  },
  {
    name: "a queue that is renamed keeps its UUID",
    async play(stage) {
      await stage.api("POST", "/work_pools/", { name: "renames", type: "process" });
      const queue = new Managed(stage.door, "WorkQueue", "queue");
      await queue.up({ workPool: "renames", name: "before" });
      const { id } = queue;
      expect(await queue.up({ workPool: "renames", name: "after" })).toBe("update");
      expect(queue.id).toBe(id);
      return queue.state;
    },
  },
  {
    name: "drift shows in what is declared and in nothing else, and is put back",
    async play(stage) {
      const pool = new Managed(stage.door, "WorkPool", "drifts");
      const program = { name: "drifts", type: "process", concurrencyLimit: 3 };
      await pool.up(program);
      await stage.api("PATCH", "/work_pools/drifts", {
        concurrency_limit: 77,
        is_paused: true,
        description: "by hand",
      });
      await pool.refresh();
      expect(pool.inputs).toEqual({ ...program, concurrencyLimit: 77 });
      expect(await pool.up(program)).toBe("update");
      const live: Properties = await stage.api("GET", "/work_pools/drifts");
      expect(live).toMatchObject({ concurrency_limit: 3, is_paused: true, description: "by hand" });
      return pool.state;
    },
  },
  {
    name: "an object that is gone is found gone, and one of the same name is not taken for it",
    async play(stage) {
      const pool = new Managed(stage.door, "WorkPool", "goes");
      await pool.up({ name: "goes", type: "process" });
      await stage.api("DELETE", "/work_pools/goes");
      await stage.api("POST", "/work_pools/", { name: "goes", type: "process", description: "somebody else's" });
      const before = { ...pool.outputs };
      await pool.refresh();
      expect(pool.id).toBeUndefined();
      await stage.door.remove("WorkPool", "goes", before);
      const live: Properties = await stage.api("GET", "/work_pools/goes");
      expect(live.description).toBe("somebody else's");
      return pool.state;
    },
  },
  {
    name: "an import by name or UUID, with nothing else known, answers what a program would have to say",
    async play(stage) {
      const pool: { id: string } = await stage.api("POST", "/work_pools/", {
        name: "imported",
        type: "process",
        concurrency_limit: 4,
        base_job_template: template("c:1"),
      });
      const byName = await stage.door.read("WorkPool", "imported");
      const byId = await stage.door.read("WorkPool", pool.id);
      expect(byName.inputs).toEqual({
        name: "imported",
        type: "process",
        concurrencyLimit: 4,
        baseJobTemplate: template("c:1"),
      });
      expect(byId).toEqual(byName);
      expect(byName.id).toBe("imported");
      const { created: _created, ...outputs } = byName.outputs;
      const nobody = await stage.door.read("WorkPool", "nobody");
      expect(nobody.id).toBe("");
      return { ...byName, outputs };
    },
  },
  {
    name: "a resource that a program only reads is seen whole, whatever the program says of it",
    async play(stage) {
      await stage.api("POST", "/work_pools/", { name: "read only", type: "process", concurrency_limit: 4 });
      const seen = await stage.door.read("WorkPool", "read only", { name: "read only" });
      expect(seen.outputs).toMatchObject({ name: "read only", type: "process", concurrencyLimit: 4 });
      const { created: _created, ...outputs } = seen.outputs;
      return { ...seen, outputs };
    },
  },
  {
    name: "what is unknown is not judged, and plans an update, or a replacement where the field replaces",
    async play(stage) {
      const name = "unknowns";
      const pool = new Managed(stage.door, "WorkPool", name);
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
    name: "nulls in a document arrive, stay and do not show as a change; a null field is an absent one",
    async play(stage) {
      const document = template(null, { nothing: null, list: [null, { deep: null }] });
      const program = { name: "nulls", type: "process", description: null, baseJobTemplate: document };
      const pool = new Managed(stage.door, "WorkPool", "nulls");
      await pool.up(program);
      expect(pool.outputs.baseJobTemplate).toEqual(document);
      expect(pool.inputs).toEqual({ name: "nulls", type: "process", baseJobTemplate: document });
      const live: { base_job_template: unknown } = await stage.api("GET", "/work_pools/nulls");
      expect(live.base_job_template).toEqual(document);
      await pool.refresh();
      expect(await pool.up(program)).toBe("same");
      return pool.state;
    },
  },
  {
    name: "a document given as JSON text is kept as an object, with its nulls, and equals the object",
    async play(stage) {
      const document = template(null, { list: [1, 1.5, null] });
      const pool = new Managed(stage.door, "WorkPool", "as text");
      await pool.up({ name: "as text", type: "process", baseJobTemplate: JSON.stringify(document, null, 2) });
      expect(pool.inputs.baseJobTemplate).toEqual(document);
      expect(await pool.up({ name: "as text", type: "process", baseJobTemplate: document })).toBe("same");
      return pool.state;
    },
  },
  {
    name: "keys of a document that mean something to JavaScript are keys like any other",
    async play(stage) {
      const odd = {
        constructor: "a",
        length: 3,
        toString: "b",
        hasOwnProperty: "c",
        propertyIsEnumerable: "d",
        call: "e",
      };
      const document = template("e:1", { "a.b/c": { ...odd, "": [{}], __mine: 1 } });
      const pool = new Managed(stage.door, "WorkPool", "odd keys");
      await pool.up({ name: "odd keys", type: "process", baseJobTemplate: document });
      const live: { base_job_template: unknown } = await stage.api("GET", "/work_pools/odd%20keys");
      expect(live.base_job_template).toEqual(document);
      await pool.refresh();
      expect(await pool.up({ name: "odd keys", type: "process", baseJobTemplate: document })).toBe("same");
      return pool.state;
    },
  },
  {
    name: "a check names fields and rules on the resource, never a value and never a property that could hold one",
    async play(stage) {
      const wrong: [string, Properties][] = [
        ["WorkPool", { name: `a/${PLANTED}`, type: "process" }],
        ["WorkPool", { name: "p", type: "process", concurrencyLimit: PLANTED, isPaused: PLANTED }],
        ["WorkPool", { name: "p", type: "process", baseJobTemplate: `{"${PLANTED}"` }],
        [
          "WorkPool",
          { name: "p", type: "process", baseJobTemplate: template([PLANTED], { x: [`{{ image }} ${PLANTED}`] }) },
        ],
        ["BaseJobTemplate", { workPool: "p", template: template("x", { x: `${PLANTED} {{ undeclared }}` }) }],
        ["WorkPool", { name: "p", type: "process", baseJobTemplate: [PLANTED] }],
        ["WorkPool", { name: "p", type: "process", storageConfiguration: { defaultResultStorageBlockId: PLANTED } }],
        ["WorkQueue", { workPool: "p", name: "q", priority: 0, description: [PLANTED] }],
        ["GlobalConcurrencyLimit", { name: `tag:${PLANTED}`, limit: 2 ** 60 }],
        ["TagConcurrencyLimit", { tag: "t" }],
      ];
      const seen: unknown[] = [];
      for (const [kind, news] of wrong) {
        const { failures } = await stage.door.check(kind, "it", {}, news);
        expect(failures.length).toBeGreaterThan(0);
        expect(failures.map(({ property }) => property)).toEqual(failures.map(() => ""));
        seen.push(failures);
      }
      expect(JSON.stringify(seen)).not.toContain(PLANTED);
      return seen;
    },
  },
  {
    name: "what a server says of a refused request comes without the request's values, and without a stack",
    async play(stage) {
      const echo = JSON.stringify({
        exception_message: "Invalid request received.",
        exception_detail: [
          { loc: ["body", "description"], msg: "is wrong", type: "x", input: PLANTED, ctx: { it: PLANTED } },
        ],
        request_body: { description: PLANTED },
      });
      const seen: unknown[] = [];
      const program = { name: "refused", type: "process", description: PLANTED, baseJobTemplate: template([PLANTED]) };
      const { inputs } = await stage.door.check(
        "WorkPool",
        "refused",
        {},
        { ...program, baseJobTemplate: template("x") },
      );
      for (const instead of [
        { status: 422, body: echo },
        { status: 500, body: `{"exception_message":"Internal Server Error","request_body":"${PLANTED}"}` },
        { status: 401, body: '{"exception_message":"Unauthorized"}' },
        { status: 403, body: '{"detail":"Forbidden"}' },
        { status: 200, body: `<html>${PLANTED}</html>`, type: "text/html" },
      ]) {
        stage.network.faultFor = () => ({ instead });
        const failure = await failed(stage.door.create("WorkPool", "refused", inputs));
        expect(failure.halfMade).toBeUndefined();
        seen.push(failure.message);
      }
      stage.network.faultFor = () => "pass";
      const told = JSON.stringify(seen) + stage.door.written.join("");
      expect(told).not.toContain(PLANTED);
      expect(told).not.toMatch(/\n\s+at /);
      const nothing: Properties = await stage.api("GET", "/work_pools/refused");
      expect(nothing).toHaveProperty("detail");
      return seen;
    },
  },
  {
    name: "an object that already exists is not touched, and the message says what to do",
    async play(stage) {
      await stage.api("POST", "/work_pools/", { name: "theirs", type: "process", description: "theirs" });
      const refused = await failed(
        stage.door.create("WorkPool", "it", { name: "theirs", type: "process", description: "ours" }),
      );
      expect(refused.message).toContain('adopt: "always"');
      const pool = new Managed(stage.door, "WorkPool", "it");
      expect(await pool.up({ name: "theirs", type: "process", adopt: "always", concurrencyLimit: 2 })).toBe("create");
      return [refused.message, pool.state];
    },
  },
  {
    name: "an object that exists although its create failed is kept, with the whole message, and finished by the next run",
    async play(stage) {
      await stage.api("POST", "/work_pools/", { name: "halves", type: "process" });
      const program = { workPool: "halves", name: "first", priority: 1 };
      const refusal = { status: 403, body: '{"detail":"no lists today"}' };
      stage.network.faultFor = ({ path }) => (path.endsWith("/queues/filter") ? { instead: refusal } : "pass");
      const { inputs } = await stage.door.check("WorkQueue", "it", {}, program);
      const failure = await failed(stage.door.create("WorkQueue", "it", inputs));
      stage.network.faultFor = () => "pass";
      const { created: _created, ...outputs } = failure.halfMade?.outputs ?? {};
      expect(outputs).toMatchObject(program);
      expect(failure.halfMade?.reasons).toEqual([failure.message]);
      expect(failure.message).toContain('WorkQueue "halves/first" exists');
      const id = failure.halfMade?.id ?? "";
      const updated = await stage.door.update("WorkQueue", id, failure.halfMade?.outputs ?? {}, inputs, inputs);
      expect(updated).toEqual(failure.halfMade?.outputs);
      return { outputs, message: failure.message };
    },
  },
  {
    name: "an answer that gets lost makes no second object",
    async play(stage) {
      let lost = 0;
      stage.network.faultFor = ({ method, path }) => {
        if (method !== "POST" || !path.endsWith("/work_pools/") || lost > 0) return "pass";
        lost += 1;
        return "lose";
      };
      const pool = new Managed(stage.door, "WorkPool", "lost");
      expect(await pool.up({ name: "lost", type: "process" })).toBe("create");
      stage.network.faultFor = () => "pass";
      return pool.state;
    },
  },
  {
    name: "the template that was there before is remembered as a secret, and is never an input",
    async play(stage) {
      const before = template("f:1", { password: PLANTED });
      await stage.api("POST", "/work_pools/", { name: "borrowed", type: "process", base_job_template: before });
      const managed = new Managed(stage.door, "BaseJobTemplate", "it");
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
    name: "twenty objects at once are made in one process, each once",
    async play(stage) {
      stage.network.writes();
      const pools = Array.from({ length: 20 }, (_, index) => new Managed(stage.door, "WorkPool", `many-${index}`));
      const steps = await Promise.all(pools.map((pool) => pool.up({ name: pool.name, type: "process" })));
      expect(new Set(steps)).toEqual(new Set(["create"]));
      expect(stage.network.writes().length).toBe(20);
      await Promise.all(pools.map((pool) => pool.refresh()));
      expect(pools.map((pool) => pool.id)).toEqual(pools.map((pool) => pool.name));
      // Which one the server saw first is chance.
      return pools.map(({ inputs, id }) => ({ inputs, id }));
    },
  },
];

async function failed(call: Promise<unknown>): Promise<CallFailure> {
  const outcome: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof CallFailure)) throw new Error("the call should have failed", { cause: outcome });
  return outcome;
}
