import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStore } from "../../../server/index.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "prefect-iac-store-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it("a file keeps what was written when the server ends", async () => {
  const file = join(folder, "new", "server.db");
  const first = await openStore(file);
  await first.write((tx) => tx.insertInto("variable").values(row("kept")).execute());
  await first.close();
  const second = await openStore(file);
  expect(await second.db.selectFrom("variable").select("name").execute()).toEqual([{ name: "kept" }]);
  await second.close();
});

it("a file keeps every acknowledged write when the process is killed", async () => {
  const file = join(folder, "server.db");
  const writer = spawn(process.execPath, [join(import.meta.dirname, "write-for-ever.ts"), file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged = await killAfter(writer, 200);
  const store = await openStore(file);
  const rows = await store.db.selectFrom("variable").select("name").execute();
  await store.close();
  const kept = new Set(rows.map((row) => row.name));
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(acknowledged.filter((name) => !kept.has(name))).toEqual([]);
});

it("readers of a file wait for no writer", async () => {
  const store = await openStore(join(folder, "server.db"));
  await store.write((tx) => tx.insertInto("variable").values(row("a")).execute());
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const writing = store.write(async (tx) => {
    await tx.insertInto("variable").values(row("b")).execute();
    await gate;
  });
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(await store.db.selectFrom("variable").select("name").execute()).toEqual([{ name: "a" }]);
  release();
  await writing;
  expect(await store.db.selectFrom("variable").selectAll().execute()).toHaveLength(2);
  await store.close();
});

it("a file of a newer version is refused, and left alone", async () => {
  const file = join(folder, "server.db");
  const store = await openStore(file);
  await store.write(async (tx) => {
    await tx
      .insertInto("migration" as never)
      .values({ number: 9999, name: "from the future" } as never)
      .execute();
  });
  await store.close();
  await expect(openStore(file)).rejects.toThrow(/newer version of prefect-iac \(migration 9999/);
});

function row(name: string) {
  const time = "2026-11-21T12:00:00.000000Z";
  return { id: name, created: time, updated: time, name, value: "1", tags: "[]" };
}

/** Reads the names that the process acknowledges, and kills it when there are enough. */
async function killAfter(child: ChildProcess, count: number): Promise<string[]> {
  const names: string[] = [];
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    names.push(line);
    if (names.length === count) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  // The last line may have been cut off by the kill.
  return names.filter((name) => name.endsWith("."));
}

it.each([
  ["such as Prefect's own", ["alembic_version", "work_pool"]],
  ["that has no table of our names", ["users"]],
])("a file of another program, %s, is refused, and left alone", async (_, names) => {
  const file = join(folder, "prefect.db");
  const theirs = new DatabaseSync(file);
  for (const name of names) theirs.exec(`create table ${name} (id text)`);
  await expect(openStore(file)).rejects.toThrow(/belongs to another program/);
  const tables = theirs.prepare("select name from sqlite_master order by name").all();
  expect(tables).toEqual(names.map((name) => ({ name })));
  theirs.close();
});
