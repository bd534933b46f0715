import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lifecycleOf } from "../../provider/resources/lifecycles.ts";
import { contracts } from "../../schema/contracts/index.ts";
import { equal, type JsonObject } from "../../schema/json.ts";
import { directiveSample, HOME, sampleOf } from "./samples.ts";
import { Stack, startTestEnvironment, type TestEnvironment } from "./test-environment.ts";

/** What every kind must do, generated from the contracts: a new field is tested as soon as it has a sample. Runs on the
 *  reference server, or on the server that `url` names. */
export function lifecycleSuite(url?: () => string): void {
  let world: TestEnvironment;

  beforeEach(async () => {
    world = await startTestEnvironment({}, url?.());
    for (const pool of [HOME, "other home"]) {
      await world.api("POST", "/work_pools/", { name: pool, type: "process" });
      for (const name of ["a", "b"])
        await world.api("POST", `/work_pools/${encodeURIComponent(pool)}/queues`, { name });
    }
  });

  afterEach(async () => {
    await world.stop();
  });

  /** The live values of a resource, straight from the server through an import. */
  async function live(kind: string, stack: Stack): Promise<JsonObject> {
    const { contract } = lifecycleOf(kind);
    const state = Object.fromEntries(Object.keys(contract.fields).map((field) => [field, stack.state?.[field] ?? "?"]));
    const seen = await world
      .newEngine()
      .resource(kind)
      .read({ id: stack.id ?? "", state: { ...state, ...stack.state } });
    return seen?.inputs ?? {};
  }

  describe.each(contracts.map((contract) => ({ kind: contract.kind, contract })))("$kind", ({ kind, contract }) => {
    const sample = sampleOf(kind);

    it.each(["minimal", "full"] as const)(
      "is made from a %s program, and the second apply plans and sends nothing",
      async (size) => {
        const stack = new Stack(() => world.newEngine(), kind);
        await stack.up(sample[size]);
        expect(await live(kind, stack)).toMatchObject(sample[size]);
        for (const fact of Object.keys(contract.outputs)) {
          if (contract.outputs[fact]?.optional !== true) expect(stack.state).toHaveProperty(fact);
        }
        world.network.writes();
        expect(await stack.plan(sample[size], { refresh: false })).toBe("none");
        expect(await stack.plan(sample[size], { refresh: true })).toBe("none");
        expect(await stack.up(sample[size])).toBe("none");
        expect(world.network.writes()).toEqual([]);
      },
    );

    it("keeps in its state what was declared and the facts, and nothing else", async () => {
      const stack = new Stack(() => world.newEngine(), kind);
      await stack.up(sample.minimal);
      const allowed = [...Object.keys(sample.minimal), ...Object.keys(contract.outputs)];
      expect(Object.keys(stack.state ?? {}).filter((key) => !allowed.includes(key))).toEqual([]);
      await stack.refresh();
      expect(Object.keys(stack.state ?? {}).filter((key) => !allowed.includes(key))).toEqual([]);
    });

    describe.each(Object.entries(contract.fields))("%s", (field, declared) => {
      const changed = { ...sample.full, [field]: sample.other[field] } as JsonObject;

      it(`is ${declared.onChange === "replace" ? "replaced" : "updated"} when it changes, and then at rest`, async () => {
        const stack = new Stack(() => world.newEngine(), kind);
        await stack.up(sample.full);
        const before = contract.identity === undefined ? undefined : stack.state?.[contract.identity];
        expect(await stack.up(changed)).toBe(declared.onChange);
        expect(await live(kind, stack)).toMatchObject(changed);
        if (contract.identity !== undefined) {
          const after = stack.state?.[contract.identity];
          if (declared.onChange === "update") expect(after).toBe(before);
          else expect(after).not.toBe(before);
        }
        expect(await stack.plan(changed, { refresh: true })).toBe("none");
      });

      if (declared.required) return;

      it("is added to a program that did not mention it", async () => {
        const stack = new Stack(() => world.newEngine(), kind);
        await stack.up(sample.minimal);
        const added = { ...sample.minimal, [field]: sample.full[field] } as JsonObject;
        expect(await stack.up(added)).toBe("update");
        expect(await live(kind, stack)).toMatchObject(added);
        expect(await stack.plan(added, { refresh: true })).toBe("none");
      });

      it(`is ${declared.removed === "keep" ? "kept" : "cleared"} on the server when its line is deleted, and then not ours`, async () => {
        const stack = new Stack(() => world.newEngine(), kind);
        await stack.up(sample.full);
        const { [field]: value, ...without } = sample.full;
        world.network.writes();
        expect(await stack.up(without)).toBe("update");
        const writes = world.network.writes();
        const probe = stack.in(world.newEngine());
        probe.state = { ...stack.state, [field]: value } as JsonObject;
        const after = (await live(kind, probe))[field];
        if (declared.removed === "keep") {
          expect(after).toEqual(value);
          expect(writes).toEqual([]);
        } else {
          expect(equal(after, declared.removed?.set ?? undefined)).toBe(true);
        }
        expect(stack.state).not.toHaveProperty(field);
        expect(await stack.plan(without, { refresh: true })).toBe("none");
      });

      it("is left alone when somebody else changes it and the program does not mention it", async () => {
        const theirs = new Stack(() => world.newEngine({ adopt: "always" }), kind);
        const stack = new Stack(() => world.newEngine(), kind);
        await stack.up(sample.minimal);
        await theirs.up({ ...sample.minimal, [field]: sample.other[field] } as JsonObject);
        expect(await stack.plan(sample.minimal, { refresh: true })).toBe("none");
        const required = Object.keys(contract.fields).find(
          (name) => contract.fields[name]?.required && contract.fields[name]?.onChange === "update",
        );
        if (required !== undefined)
          await stack.up({ ...sample.minimal, [required]: sample.other[required] } as JsonObject);
        const probe = stack.in(world.newEngine());
        probe.state = { ...stack.state, [field]: sample.other[field] } as JsonObject;
        expect((await live(kind, probe))[field]).toEqual(sample.other[field]);
      });

      it("is repaired when somebody else changes it and the program declares it", async () => {
        const stack = new Stack(() => world.newEngine(), kind);
        await stack.up(sample.full);
        const theirs = new Stack(() => world.newEngine({ adopt: "always" }), kind);
        await theirs.up({ ...sample.full, [field]: sample.other[field] } as JsonObject);
        expect(await stack.plan(sample.full, { refresh: true })).toBe("update");
        await stack.up(sample.full);
        expect(await live(kind, stack)).toMatchObject(sample.full);
        expect(await stack.plan(sample.full, { refresh: true })).toBe("none");
      });
    });

    it("turns a change of a directive into an update that sends nothing", async () => {
      const stack = new Stack(() => world.newEngine(), kind);
      await stack.up(sample.minimal);
      for (const directive of Object.keys(contract.directives)) {
        const value = directiveSample(kind, directive);
        world.network.requests.length = 0;
        expect(await stack.up({ ...sample.minimal, [directive]: value })).toBe("update");
        expect(stack.state?.[directive]).toBe(value);
        expect(await stack.up(sample.minimal)).toBe("update");
        expect(world.network.requests).toEqual([]);
      }
    });

    it("is imported by what its contract says, and a program that declares what the import found plans nothing", async () => {
      const stack = new Stack(() => world.newEngine(), kind);
      await stack.up(sample.full);
      const key = contract.naturalKey.map((name) => String(sample.full[name])).join("/");
      const uuid = contract.identity === undefined ? undefined : String(stack.state?.[contract.identity]);
      const ids = uuid !== undefined && contract.importId.includes("UUID") ? [key, uuid] : [key];
      for (const id of ids) {
        const seen = await world.newEngine().resource(kind).read({ id });
        expect(seen?.id).toBe(stack.id);
        const imported = new Stack(() => world.newEngine(), kind);
        imported.id = seen?.id;
        imported.state = seen?.state;
        expect(await imported.plan(seen?.inputs ?? {}, { refresh: true })).toBe("none");
      }
    });

    it("is imported without what the server, or a create of ours, would have given it anyway", async () => {
      const stack = new Stack(() => world.newEngine(), kind);
      await stack.up(sample.minimal);
      const id = contract.naturalKey.map((name) => String(sample.minimal[name])).join("/");
      const seen = await world.newEngine().resource(kind).read({ id });
      expect(Object.keys(seen?.inputs ?? {}).sort()).toEqual(Object.keys(sample.minimal).sort());
    });

    it("answers an import of nothing with nothing", async () => {
      const id = contract.naturalKey.map(() => "nope").join("/");
      expect(await world.engine.resource(kind).read({ id })).toBeUndefined();
    });

    it("is destroyed, twice without an error", async () => {
      const stack = new Stack(() => world.newEngine(), kind);
      await stack.up(sample.full);
      await stack.destroy();
      await stack.destroy();
      if (contract.identity === undefined || kind === "BaseJobTemplate") return;
      await stack.refresh();
      expect(stack.state).toBeUndefined();
    });
  });
}
