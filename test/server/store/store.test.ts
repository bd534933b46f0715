import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "../../../server/index.ts";
import { migrations } from "../../../server/store/migrations/index.ts";
import { insertVariable, variableBy } from "../../../server/store/queries/variables.ts";
import { StoreError } from "../../../server/store/store-error.ts";
import type { VariableRow } from "../../../server/store/tables/variables.ts";
import { apiOn, START } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

const TABLES = join(import.meta.dirname, "../../../server/store/tables");

/** Names of the tables that a file of row types declares. */
function tablesIn(source: string): string[] {
  const [, members = ""] = /export interface \w+Tables \{([^}]*)\}/.exec(source) ?? [];
  return [...members.matchAll(/^ {2}(\w+):/gm)].map(([, name = ""]) => name);
}

let count = 0;

function variable(name: string): VariableRow {
  count += 1;
  return { id: `id-${count}`, created: START, updated: START, name, value: "1", tags: "[]" };
}

onEachStore("a store", (store, newPlace) => {
  const exists = async (name: string) => (await variableBy(store().db, { name })) !== undefined;

  it("keeps nothing of a write that fails, and all of those around it", async () => {
    const failed = new Error("no");
    const outcomes = await Promise.allSettled([
      store().write((tx) => insertVariable(tx, variable("before"))),
      store().write(async (tx) => {
        await insertVariable(tx, variable("failing"));
        throw failed;
      }),
      store().write((tx) => insertVariable(tx, variable("after"))),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({ reason: failed });
    expect([await exists("before"), await exists("failing"), await exists("after")]).toEqual([true, false, true]);
  });

  it("says in its own words what the database refused", async () => {
    await store().write((tx) => insertVariable(tx, variable("twice")));
    const again = store().write((tx) => insertVariable(tx, variable("twice")));
    await expect(again).rejects.toMatchObject({ name: "StoreError", code: "duplicate" });
    const orphan = store().write((tx) =>
      tx.insertInto("concurrency_lease_limit").values({ lease_id: "none", limit_id: "none" }).execute(),
    );
    await expect(orphan).rejects.toBeInstanceOf(StoreError);
    await expect(orphan).rejects.toMatchObject({ code: "reference" });
  });

  it("loses no update of many writers that read before they write", async () => {
    await store().write((tx) => insertVariable(tx, { ...variable("counter"), value: "0" }));
    const add = () =>
      store().write(async (tx) => {
        const row = await tx
          .selectFrom("variable")
          .select("value")
          .where("name", "=", "counter")
          .forUpdate()
          .executeTakeFirstOrThrow();
        const value = String(Number(row.value) + 1);
        await tx.updateTable("variable").set({ value }).where("name", "=", "counter").execute();
      });
    await Promise.all(Array.from({ length: 100 }, add));
    expect(await variableBy(store().db, { name: "counter" })).toMatchObject({ value: "100" });
  });

  it("shows nobody a write before it is committed", async () => {
    const visibleInside: boolean[] = [];
    await Promise.all([
      store().write(async (tx) => {
        await insertVariable(tx, variable("pending"));
        visibleInside.push((await variableBy(tx, { name: "pending" })) !== undefined);
        await tx.deleteFrom("variable").where("name", "=", "pending").execute();
      }),
      ...Array.from({ length: 20 }, async () => {
        if (await exists("pending")) throw new Error("a reader saw a row that was never committed");
      }),
    ]);
    expect(visibleInside).toEqual([true]);
  });

  it("refuses to be used from inside a write except through the write's own database", async () => {
    const reading = store().write(() => exists("before"));
    await expect(reading).rejects.toThrow(
      "inside Store.write only the database that is handed to the work may be used",
    );
    const writing = store().write(() => store().write(async () => {}));
    await expect(writing).rejects.toThrow("inside Store.write");
  });

  it("has had every migration, numbered from 1 without gaps", async () => {
    const history = store().db.withTables<{ migration: { number: number; name: string } }>();
    const applied = await history.selectFrom("migration").selectAll().orderBy("number").execute();
    expect(applied).toEqual(migrations.map(({ name }, index) => ({ number: index + 1, name })));
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  });

  it("has the tables that the code knows, and no others", async () => {
    const tables = await store().db.introspection.getTables();
    const types = readdirSync(TABLES).flatMap((file) => tablesIn(readFileSync(join(TABLES, file), "utf8")));
    expect(tables.map(({ name }) => name).sort()).toEqual([...types, "migration"].sort());
  });

  it("answers a ping", async () => {
    expect(await store().ping()).toBe(true);
  });

  it("that is closed answers none, and the server is not ready", async () => {
    const place = await newPlace();
    const closed = await openStore(place.location);
    const api = apiOn(closed);
    expect(await api.get("/ready")).toMatchObject({ status: 200, body: { message: "OK" } });
    await closed.close();
    expect(await closed.ping()).toBe(false);
    expect(await api.get("/ready")).toMatchObject({ status: 503, body: { message: "Database is not available" } });
    await place.remove();
  });
});
