import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, needsServer, toSend } from "../../../provider/engine/decide.ts";
import { pick } from "../../../provider/engine/state.ts";
import { contracts, globalConcurrencyLimit, workPool, workQueue } from "../../../schema/contracts/index.ts";
import type { ResourceContract } from "../../../schema/define.ts";
import { equal, type Json, type JsonObject, UNKNOWN } from "../../../schema/json.ts";
import { formatPath } from "../../../schema/path.ts";

const pool = { name: "etl", type: "process" };

describe("the rule of three values", () => {
  it("does nothing when declared, applied and known agree", () => {
    expect(decide(workPool, pool, pool, pool)).toEqual({
      outcome: "none",
      changes: [],
      drift: [],
      deleteBeforeReplace: true,
    });
  });

  it("sets a declared value that differs from the known one", () => {
    const decision = decide(
      workPool,
      { ...pool, concurrencyLimit: 5 },
      { ...pool, concurrencyLimit: 3 },
      { ...pool, concurrencyLimit: 3 },
    );
    expect(decision.outcome).toBe("update");
    expect(toSend(decision)).toEqual({ concurrencyLimit: 5 });
  });

  it("takes a newly declared value under management, and sends it only where it differs", () => {
    const equalAlready = decide(workPool, { ...pool, isPaused: true }, pool, { ...pool, isPaused: true });
    expect(equalAlready.changes).toMatchObject([{ field: "isPaused", reason: "managed" }]);
    expect(equalAlready.outcome).toBe("update");
    expect(toSend(equalAlready)).toEqual({});
    expect(toSend(decide(workPool, { ...pool, isPaused: true }, pool, pool))).toEqual({ isPaused: true });
  });

  it("clears a value whose line was deleted, as its contract says", () => {
    const applied = { workPool: "etl", name: "q", description: "d", concurrencyLimit: 2 };
    const decision = decide(workQueue, { workPool: "etl", name: "q" }, applied, applied);
    expect(toSend(decision)).toEqual({ description: "", concurrencyLimit: null });
    expect(decision.changes.map(({ reason }) => reason)).toEqual(["cleared", "cleared"]);
    expect(
      toSend(
        decide(workQueue, { workPool: "etl", name: "q" }, applied, {
          ...applied,
          description: "",
          concurrencyLimit: 7,
        }),
      ),
    ).toEqual({
      concurrencyLimit: null,
    });
  });

  it("lets go of a value whose contract says keep, and sends nothing", () => {
    const decision = decide(workPool, pool, { ...pool, isPaused: true }, { ...pool, isPaused: true });
    expect(decision).toMatchObject({ outcome: "update", changes: [{ field: "isPaused", reason: "released" }] });
    expect(toSend(decision)).toEqual({});
    expect(needsServer(decision)).toBe(false);
  });

  it("never touches what was not declared, now or then", () => {
    const live = { ...pool, isPaused: true, concurrencyLimit: 9, description: "theirs", baseJobTemplate: { a: 1 } };
    expect(decide(workPool, pool, pool, live).outcome).toBe("none");
  });

  it("leaves a value whose declaration did not change, whatever the server has, and reports it as drift", () => {
    const applied = { ...pool, description: "a", concurrencyLimit: 2 };
    const live = { ...pool, description: "theirs", concurrencyLimit: 9 };
    const unchanged = decide(workPool, applied, applied, live);
    expect(unchanged).toMatchObject({ outcome: "none", changes: [], drift: ["description", "concurrencyLimit"] });
    const changed = decide(workPool, { ...applied, concurrencyLimit: 3 }, applied, live);
    expect(toSend(changed)).toEqual({ concurrencyLimit: 3 });
    expect(changed.drift).toEqual(["description"]);
  });

  it("makes a change of a directive an update that needs no server", () => {
    const decision = decide(workPool, { ...pool, forceDelete: true }, pool, pool);
    expect(decision).toMatchObject({
      outcome: "update",
      changes: [{ field: "forceDelete", reason: "directive", replaces: false }],
    });
    expect(needsServer(decision)).toBe(false);
  });
});

describe("replacements", () => {
  it("delete first when the address stays, and only then", () => {
    expect(decide(workPool, { ...pool, type: "docker" }, pool, pool)).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace: true,
    });
    expect(decide(workPool, { ...pool, name: "other" }, pool, pool)).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace: false,
    });
  });

  it("that only the user asks for delete first, too, when the address stays", () => {
    expect(decide(workPool, { ...pool, description: "b" }, pool, pool)).toMatchObject({
      outcome: "update",
      deleteBeforeReplace: true,
    });
    const limit = { name: "a", limit: 1 };
    expect(decide(globalConcurrencyLimit, { ...limit, name: "b" }, limit, limit)).toMatchObject({
      outcome: "update",
      deleteBeforeReplace: false,
    });
  });

  it("are planned for a replace-field that is not known yet, and not for other fields", () => {
    expect(decide(workPool, { ...pool, name: UNKNOWN }, pool, pool)).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace: false,
    });
    expect(decide(workPool, { ...pool, description: UNKNOWN }, pool, pool).outcome).toBe("update");
  });

  it("are not made by a rename in place", () => {
    expect(
      decide(globalConcurrencyLimit, { name: "b", limit: 1 }, { name: "a", limit: 1 }, { name: "a", limit: 1 }).outcome,
    ).toBe("update");
  });
});

describe("paths of a difference", () => {
  it("lead to the leaf, deep in a document", () => {
    const before = { variables: { properties: { image: { default: "a:1" } } } };
    const after = { variables: { properties: { image: { default: "a:2" } } } };
    const decision = decide(
      workPool,
      { ...pool, baseJobTemplate: after },
      { ...pool, baseJobTemplate: before },
      { ...pool, baseJobTemplate: before },
    );
    expect(decision.changes.flatMap(({ leaves }) => leaves.map(({ path }) => formatPath(path)))).toEqual([
      "baseJobTemplate.variables.properties.image.default",
    ]);
  });

  it("refuse to send a value that is still unknown", () => {
    expect(() => toSend(decide(workPool, { ...pool, description: UNKNOWN }, pool, pool))).toThrow(
      "description is still unknown",
    );
  });
});

describe("for any values of any kind", () => {
  const value = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom<Json>(0, 1, 2, true, false, "", "a", "b", { a: 1 }, { a: [null] }),
  );
  const valuesOf = (contract: ResourceContract): fc.Arbitrary<JsonObject> =>
    fc
      .record(
        Object.fromEntries(
          [...Object.keys(contract.fields), ...Object.keys(contract.directives)].map((name) => [name, value]),
        ),
      )
      .map(
        (record) => Object.fromEntries(Object.entries(record).filter(([, item]) => item !== undefined)) as JsonObject,
      );
  const cases = fc
    .constantFrom(...contracts)
    .chain((contract) => fc.tuple(fc.constant(contract), valuesOf(contract), valuesOf(contract), valuesOf(contract)));

  it("one apply reaches the declared state after a refresh, the second sends nothing, and undeclared fields never change", () => {
    fc.assert(
      fc.property(cases, ([contract, declared, before, live]) => {
        const refreshed = Object.keys(contract.fields).filter((name) => before[name] !== undefined);
        const applied = { ...pick(before, Object.keys(contract.directives)), ...pick(live, refreshed) };
        const sent = toSend(decide(contract, declared, applied, live));
        const after: JsonObject = { ...live };
        for (const [field, item] of Object.entries(sent)) {
          if (item === null) delete after[field];
          else after[field] = item;
        }
        for (const field of Object.keys(contract.fields)) {
          if (declared[field] !== undefined) expect(after[field]).toEqual(declared[field]);
          else if (applied[field] === undefined) expect(after[field]).toEqual(live[field]);
        }
        const again = decide(contract, declared, declared, after);
        expect(again.outcome).toBe("none");
        expect(toSend(again)).toEqual({});
      }),
    );
  });

  it("a field that is sent is a change that is shown, whatever the server has", () => {
    fc.assert(
      fc.property(cases, ([contract, declared, applied, live]) => {
        const decision = decide(contract, declared, applied, applied);
        const shown = decision.changes.filter(({ leaves }) => leaves.length > 0).map(({ field }) => field);
        for (const field of Object.keys(toSend(decision))) expect(shown).toContain(field);
        expect(decision.outcome === "none").toBe(equal(declared, applied));
        const atApply = decide(contract, declared, applied, live);
        for (const field of Object.keys(toSend(atApply))) expect(shown).toContain(field);
        for (const field of atApply.drift) expect(shown).not.toContain(field);
      }),
    );
  });
});
