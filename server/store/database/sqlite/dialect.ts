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

/** How Kysely speaks to one SQLite connection. Transactions are the writer's business (writer.ts): Kysely never starts one. */
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

  /** Who may use the connection is decided in open.ts; Kysely need not queue for it. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class Compiler extends SqliteQueryCompiler {
  /** Row locks: there is one writer at a time, so whatever it reads is locked already. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== "ForUpdate" && node.modifier !== "ForShare") super.visitSelectModifier(node);
  }
}
