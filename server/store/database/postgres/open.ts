import { Kysely, sql } from "kysely";
import { migrate } from "../../migrations/migrate.ts";
import type { ColumnTypes } from "../../sql/column-types.ts";
import type { Db, Store } from "../../store.ts";
import type { Tables } from "../../tables/index.ts";
import { isHealthy } from "../health-check.ts";
import { insideWrite, refuseInsideWrite } from "../inside-write.ts";
import { localServiceLocks } from "../local-service-locks.ts";
import { postgresDialect } from "./dialect.ts";
import { ServiceLocks } from "./service-locks.ts";
import { isTransient } from "./store-error.ts";

const CONNECTIONS = 16;
const ATTEMPTS = 5;
/** Key of the advisory lock for migrations: an arbitrary number. */
const MIGRATION_LOCK = 7_733_101;

/** Type id of bigint, which pg returns as text. Ours are small enough for numbers. */
const BIGINT = 20;

const columnTypes: ColumnTypes = { text: 'text collate "C"', integer: "bigint", real: "double precision" };

/** Opens a PostgreSQL database (15 or newer) and brings its tables up to date. Several servers may do so at once. */
export async function openPostgres(url: string): Promise<Store> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    // Detects a database that vanished without closing its connections.
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (id: number, format?: string) =>
        id === BIGINT ? Number : pg.types.getTypeParser(id, format as "text"),
    },
  });
  // A broken connection fails its query and is replaced. Without listeners the error would end the process; the pool listens only to
  // idle connections.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<Tables>({ dialect: postgresDialect(pool) });
  const inProcess = localServiceLocks();
  const acrossProcesses = new ServiceLocks(async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    await client.connect();
    return client;
  });
  const store: Store = {
    kind: "postgres",
    db,
    write: async (work) => {
      refuseInsideWrite();
      return transact(db, (tx) => insideWrite(() => work(tx)));
    },
    withServiceLock: (name, work) => inProcess(name, () => acrossProcesses.run(name, work)),
    ping: () => isHealthy(store.write),
    async close() {
      await acrossProcesses.close();
      await pool.end();
    },
  };
  try {
    await store.write(async (tx) => {
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx);
      await migrate(tx, columnTypes);
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
  return store;
}

async function transact<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
    }
  }
}
