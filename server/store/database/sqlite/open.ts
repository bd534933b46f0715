import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Kysely } from "kysely";
import { migrate } from "../../migrations/migrate.ts";
import type { Store } from "../../store.ts";
import type { Tables } from "../../tables/index.ts";
import { answers } from "../health-check.ts";
import { insideWrite, refuseInsideWrite } from "../inside-write.ts";
import { turnsByName } from "../local-service-locks.ts";
import { columns } from "./columns.ts";
import { SqliteConnection } from "./connection.ts";
import { sqliteDialect } from "./dialect.ts";
import { loadSqlite } from "./load.ts";
import { turns } from "./mutex.ts";
import { SqliteWriter } from "./writer.ts";

/** What survives what: a commit is in the write-ahead log, that is with the operating system, before anybody is answered. So it
 *  survives the end of this process by any means, `kill -9` included, under every `synchronous` setting. With NORMAL the log is
 *  flushed to the disk at checkpoints only: a power cut may take the latest commits along, but never damages the file.
 *  Checkpoints wait for the disk, and everybody for them: so they come every 32 MB instead of 4. */
const FILE_SETTINGS =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;";
const SETTINGS =
  "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;";

/** Opens a SQLite database, a file or `memory`, and brings its tables up to date. A file has one connection for writing and one
 *  for reading, which waits for no writer; in memory one connection does both, in turns. */
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
  const shared = turns();
  const writer = new SqliteWriter(writing, inMemory ? shared.take : (work) => work());
  const tx = new Kysely<Tables>({ dialect: sqliteDialect({ acquire: async () => writing, release() {} }) });
  const acquire = inMemory ? () => shared.acquire(reading) : async () => reading;
  const db = new Kysely<Tables>({
    dialect: sqliteDialect({
      acquire: async () => {
        refuseInsideWrite();
        return acquire();
      },
      release: inMemory ? shared.release : () => {},
    }),
  });
  const store: Store = {
    kind: "sqlite",
    db,
    write: async (work) => {
      refuseInsideWrite();
      return writer.write(() => insideWrite(() => work(tx)));
    },
    // The file is this process's alone.
    turn: turnsByName(),
    ping: () => answers(store.write),
    async close() {
      await writer.idle();
      if (reading !== writing) reading.close();
      writing.close();
    },
  };
  try {
    await store.write((tx) => migrate(tx, columns));
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}
