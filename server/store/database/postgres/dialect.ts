import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
} from "kysely";
import type { Pool } from "pg";
import type { AdapterWithExpressions } from "../../sql/expressions.ts";
import { StoreError } from "../../store-error.ts";
import { refuseInsideWrite } from "../inside-write.ts";
import { PostgresConnection } from "./connection.ts";
import { expressions } from "./expressions.ts";

/** Kysely's dialect for a pg pool. */
export function postgresDialect(pool: Pool): Dialect {
  return {
    createDriver: (): Driver => ({
      async init() {},
      async acquireConnection() {
        // A transaction has its own connection: a write that comes here has bypassed it.
        refuseInsideWrite();
        try {
          return new PostgresConnection(await pool.connect());
        } catch (error) {
          // Refused, or no free connection in time.
          throw new StoreError("unavailable", error);
        }
      },
      async releaseConnection(connection) {
        (connection as PostgresConnection).release();
      },
      beginTransaction: (connection) => run(connection, "begin"),
      commitTransaction: (connection) => run(connection, "commit"),
      rollbackTransaction: (connection) => run(connection, "rollback"),
      async destroy() {},
    }),
    createQueryCompiler: (): QueryCompiler => new PostgresQueryCompiler(),
    createAdapter: (): DialectAdapter => new Adapter(),
    createIntrospector: (db: Kysely<never>): DatabaseIntrospector => new PostgresIntrospector(db),
  };
}

async function run(connection: DatabaseConnection, sql: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(sql));
}

class Adapter extends PostgresAdapter implements AdapterWithExpressions {
  readonly expressions = expressions;
}
