import { DatabaseSync } from "node:sqlite";
import pg from "pg";

/** Direct access to the database of a server, for what would take too long through its API. */
export interface DatabaseAccess {
  /** Copies flow runs with all columns but the id, until there are `count` copies. */
  copyRuns(ids: readonly string[], count: number): Promise<void>;
  close(): Promise<void>;
}

/** Rows per statement: each blocks other writers. */
const BATCH = 5000;

export function accessSqlite(file: string): DatabaseAccess {
  const database = new DatabaseSync(file);
  // Prefect's own server may hold the lock for a minute or two.
  database.exec("PRAGMA busy_timeout = 150000");
  const columns = database.prepare("select name from pragma_table_info('flow_run')").all() as { name: string }[];
  const hex = (from: number, length: number) => `substr(bytes, ${from}, ${length})`;
  const id = `(select ${[hex(1, 8), hex(9, 4), hex(13, 4), hex(17, 4), hex(21, 12)].join(" || '-' || ")}
    from (select lower(hex(randomblob(16))) as bytes where numbers.n > 0))`;
  return {
    async copyRuns(ids, count) {
      for (const sql of copies(columns, id, ids, count)) database.exec(sql);
    },
    close: async () => database.close(),
  };
}

export async function accessPostgres(url: string): Promise<DatabaseAccess> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    "select column_name as name, data_type as type from information_schema.columns where table_name = 'flow_run'",
  );
  const type = columns.find(({ name }) => name === "id")?.type ?? "text";
  return {
    async copyRuns(ids, count) {
      for (const sql of copies(columns, `cast(gen_random_uuid() as ${type})`, ids, count)) await client.query(sql);
      // Otherwise autovacuum and a checkpoint would run during the measurement.
      await client.query("vacuum (analyze) flow_run");
      await client.query("checkpoint");
    },
    close: () => client.end(),
  };
}

/** Statements that copy the runs in batches. `id` is an SQL expression for a new id. */
function* copies(columns: readonly { name: string }[], id: string, ids: readonly string[], count: number) {
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const values = columns.map(({ name }) => (name === "id" ? id : `run."${name}"`)).join(", ");
  const list = ids.map((known) => `'${known}'`).join(", ");
  for (let left = count; left > 0; left -= BATCH) {
    const each = Math.min(left, BATCH) / ids.length;
    if (!Number.isInteger(each)) throw new Error(`${count} runs are no multiple of ${ids.length}`);
    yield `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${each})
      insert into flow_run (${names}) select ${values} from flow_run as run cross join numbers where run.id in (${list})`;
  }
}
