import type { Kysely } from "kysely";
import type { Tables } from "./tables/index.ts";

export type Db = Kysely<Tables>;

/** The rows, behind one interface for both databases. Statements are written once, over Kysely; what differs is in
 *  database/sqlite and database/postgres, in files of the same names. */
export interface Store {
  readonly kind: "sqlite" | "postgres";
  /** For reads outside of a write: sees what is committed, waits for no writer. */
  readonly db: Db;
  /** Runs `work` as one transaction, and resolves after the commit.
   *  `work` uses only the database handed to it and waits for nothing else; when it throws, nothing of it remains.
   *  PostgreSQL may run it again after a deadlock, so it must not keep things outside. */
  write<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** Runs `work` unless this process or another one on the same database holds the lock of that name. Whether it ran. */
  withServiceLock(name: string, work: () => Promise<void>): Promise<boolean>;
  /** Whether the database answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}
