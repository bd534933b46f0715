import type { ColumnTypes } from "../sql/column-types.ts";
import type { Db } from "../store.ts";
import { migrations } from "./index.ts";

type History = { migration: { number: number; name: string } };

/** Brings the tables up to date. Runs inside one write, under the lock that the database's open.ts takes.
 *  Throws: Error when the database was made by a newer version, or by something else. */
export async function migrate(tx: Db, types: ColumnTypes): Promise<void> {
  const db = tx.withTables<History>();
  const tables = await db.introspection.getTables();
  // A PostgreSQL database (which has schemas) may be shared with other programs; a file may not.
  const foreign = tables.some(({ name, schema }) => schema === undefined || name === "work_pool");
  if (foreign && !tables.some(({ name }) => name === "migration")) {
    throw new Error("the database belongs to another program, such as Prefect's own server: choose another one");
  }
  await db.schema
    .createTable("migration")
    .ifNotExists()
    .addColumn("number", "integer", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .execute();
  const applied = new Set((await db.selectFrom("migration").select("number").execute()).map((row) => row.number));
  const newest = migrations.at(-1)?.number ?? 0;
  const unknown = [...applied].filter((number) => number > newest);
  if (unknown.length > 0) {
    throw new Error(
      `the database was written by a newer version of prefect-iac (migration ${Math.max(...unknown)}; this version knows ${newest}): use that version, or another database`,
    );
  }
  for (const migration of migrations) {
    if (applied.has(migration.number)) continue;
    await migration.up(tx.schema, types);
    await db.insertInto("migration").values({ number: migration.number, name: migration.name }).execute();
  }
}
