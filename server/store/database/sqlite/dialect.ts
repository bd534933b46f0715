import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { AdapterWithExpressions } from "../../sql/expressions.ts";
import { expressions } from "./expressions.ts";

/** Kysely's dialect for one SQLite connection. Transactions are started by writer.ts only. */
export function sqliteDialect(lend: { acquire(): Promise<DatabaseConnection>; release(): void }): Dialect {
  return {
    createDriver: (): Driver => ({
      async init() {},
      acquireConnection: () => lend.acquire(),
      async releaseConnection() {
        lend.release();
      },
      beginTransaction: notHere,
      commitTransaction: notHere,
      rollbackTransaction: notHere,
      async destroy() {},
    }),
    createQueryCompiler: (): QueryCompiler => new Compiler(),
    createAdapter: (): DialectAdapter => new Adapter(),
    createIntrospector: (db: Kysely<never>): DatabaseIntrospector => new SqliteIntrospector(db),
  };
}

async function notHere(): Promise<void> {
  throw new Error("transactions go through Store.write");
}

class Adapter extends SqliteAdapter implements AdapterWithExpressions {
  readonly expressions = expressions;

  /** open.ts decides who may use the connection; Kysely must not queue for it. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class Compiler extends SqliteQueryCompiler {
  /** Without row locks: there is one writer at a time. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== "ForUpdate" && node.modifier !== "ForShare") super.visitSelectModifier(node);
  }
}
