import { sql } from "kysely";
import pg from "pg";
import { expect, it, vi } from "vitest";
import { openStore, startServer } from "../../../server/index.ts";
import { insertVariable, variableBy } from "../../../server/store/queries/variables.ts";
import { StoreError } from "../../../server/store/store-error.ts";
import { apiOn, START } from "../support/api.ts";
import { postgresDatabase } from "../support/stores.ts";

it("several servers may open one new database at once", async () => {
  const place = await postgresDatabase();
  const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(place.location)));
  const id = "00000000-0000-4000-8000-000000000001";
  const variable = { id, created: START, updated: START, name: "shared", value: "1", tags: "[]" };
  await stores[0]?.write((tx) => insertVariable(tx, variable));
  for (const { db } of stores) expect(await variableBy(db, { name: "shared" })).toMatchObject({ name: "shared" });
  await Promise.all(stores.map((each) => each.close()));
  await place.remove();
});

it("a connection that PostgreSQL ends is a 503 for whom it worked, and the next one gets another", async () => {
  const place = await postgresDatabase();
  const store = await openStore(place.location);
  const lost = sql`select pg_terminate_backend(pg_backend_pid())`.execute(store.db);
  await expect(lost).rejects.toBeInstanceOf(StoreError);
  await expect(lost).rejects.toMatchObject({ code: "unavailable" });
  expect(await store.ping()).toBe(true);
  const endOthers = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  const holding = store.withServiceLock("any", async () => void (await endOthers.execute(store.db)));
  await expect(holding).rejects.toMatchObject({ code: "unavailable" });
  expect(await store.withServiceLock("any", async () => {})).toBe(true);
  await store.close();
  await place.remove();
});

it("a server whose database is gone says 503, and that it is not ready", async () => {
  const place = await postgresDatabase();
  const store = await openStore(place.location);
  const api = apiOn(store);
  expect((await api.get("/ready")).status).toBe(200);
  await place.remove();
  expect((await api.get("/work_pools/p")).status).toBe(503);
  expect(await api.post("/work_pools/", { name: "p", type: "process" })).toMatchObject({
    status: 503,
    body: { exception_message: "Service Unavailable" },
  });
  expect((await api.get("/ready")).status).toBe(503);
  await store.close();
});

it("a server whose database does not answer ends all the same", async () => {
  const place = await postgresDatabase();
  const server = await startServer({ db: place.location });
  const client = new pg.Client({ connectionString: place.location });
  await client.connect();
  await client.query("begin; lock table flow in access exclusive mode");
  const headers = { "content-type": "application/json" };
  const request = fetch(`${server.url}/flows/`, { method: "POST", headers, body: JSON.stringify({ name: "f" }) });
  const body = request.then(
    () => "answered",
    () => "given up",
  );
  const waiting = "select 1 from pg_locks where not granted";
  while ((await client.query(waiting)).rows.length === 0);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const stopped = server.stop();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await body).toBe("given up");
    await vi.advanceTimersByTimeAsync(2000);
    await stopped;
  } finally {
    vi.useRealTimers();
  }
  await client.end();
  await place.remove();
});

it("a database of another program is refused", async () => {
  const place = await postgresDatabase();
  const client = new pg.Client({ connectionString: place.location });
  await client.connect();
  await client.query("create table work_pool (id uuid)");
  await client.end();
  await expect(openStore(place.location)).rejects.toThrow(/belongs to another program/);
  await place.remove();
});
