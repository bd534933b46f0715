import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Kysely } from "kysely";
import { migrate } from "../../migrations/migrate.ts";
import type { ColumnTypes } from "../../sql/column-types.ts";
import type { Store } from "../../store.ts";
import type { Tables } from "../../tables/index.ts";
import { isHealthy } from "../health-check.ts";
import { insideWrite, refuseInsideWrite } from "../inside-write.ts";
import { localServiceLocks } from "../local-service-locks.ts";
import { SqliteConnection } from "./connection.ts";
import { sqliteDialect } from "./dialect.ts";
import { mutex } from "./mutex.ts";
import { SqliteWriter } from "./writer.ts";

/** Durability: a commit is in the write-ahead log, and so with the operating system, before the response is sent. It survives the end of this
 *  process by any means, `kill -9` included, under every `synchronous` setting. With NORMAL the log is flushed to the disk at
 *  checkpoints only: a power cut may lose the latest commits, but never damages the file.
 *  Checkpoints wait for the disk, and all writes for them: so they come every 32 MB instead of 4. */
const FILE_SETTINGS =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;";
const SETTINGS =
  "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;";

const columnTypes: ColumnTypes = { text: "text", integer: "integer", real: "real" };

/** Opens a SQLite database, a file or `memory`, and brings its tables up to date. A file has one connection for writing and one
 *  for reading, which waits for no writer; in memory one connection does both, behind a mutex. */
export async function openSqlite(path: "memory" | (string & {})): Promise<Store> {
  const { DatabaseSync } = await loadSqlite();
  const inMemory = path === "memory";
  if (!inMemory) mkdirSync(dirname(path), { recursive: true });
  const connect = (settings: string): SqliteConnection => {
    try {
      const database = new DatabaseSync(inMemory ? ":memory:" : path);
      database.exec(settings);
      return new SqliteConnection(database);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new Error(`${path} can't be opened as a SQLite file: ${error.message}`, { cause: error });
    }
  };
  const writing = connect(inMemory ? SETTINGS : FILE_SETTINGS + SETTINGS);
  const reading = inMemory ? writing : connect(SETTINGS);
  const connectionMutex = mutex();
  const writer = new SqliteWriter(writing, inMemory ? connectionMutex.run : (work) => work());
  const tx = new Kysely<Tables>({ dialect: sqliteDialect({ acquire: async () => writing, release() {} }) });
  const db = new Kysely<Tables>({
    dialect: sqliteDialect({
      acquire: async () => {
        refuseInsideWrite();
        if (inMemory) await connectionMutex.acquire();
        return reading;
      },
      release: inMemory ? connectionMutex.release : () => {},
    }),
  });
  const store: Store = {
    kind: "sqlite",
    db,
    write: async (work) => {
      refuseInsideWrite();
      return writer.write(() => insideWrite(() => work(tx)));
    },
    // No other process uses the file.
    withServiceLock: localServiceLocks(),
    ping: () => isHealthy(store.write),
    async close() {
      await writer.idle();
      if (reading !== writing) reading.close();
      writing.close();
    },
  };
  try {
    await store.write((tx) => migrate(tx, columnTypes));
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

/** Loads node:sqlite without the ExperimentalWarning that some Node versions print to stderr the first time. */
export async function loadSqlite(): Promise<typeof import("node:sqlite")> {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const type = typeof rest[0] === "string" ? rest[0] : (rest[0] as { type?: string } | undefined)?.type;
    if (type !== "ExperimentalWarning") Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return await import("node:sqlite");
  } finally {
    process.emitWarning = emit;
  }
}
