import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { toStoreError } from "./store-error.ts";

/** Prepared statements that are cached. The server has a few hundred. */
const MAX_STATEMENTS = 1000;

/** A connection of node:sqlite for Kysely. Statements run synchronously. */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.run<R>(query);
  }

  run<R>(query: CompiledQuery): QueryResult<R> {
    const statement = this.#prepare(query.sql);
    const parameters = query.parameters as SQLInputValue[];
    try {
      if (changesOnly(query)) {
        return { numAffectedRows: BigInt(statement.run(...parameters).changes), rows: [] };
      }
      return { rows: statement.all(...parameters) as R[] };
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** For one statement without rows or parameters. */
  exec(sql: string): void {
    try {
      this.#prepare(sql).run();
    } catch (error) {
      throw toStoreError(error);
    }
  }

  get inTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator; nothing streams from SQLite.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("rows are not streamed from SQLite: page through them");
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Only `run` says how many rows changed, only `all` returns rows. */
function changesOnly({ query }: CompiledQuery): boolean {
  switch (query.kind) {
    case "InsertQueryNode":
    case "UpdateQueryNode":
    case "DeleteQueryNode":
      return query.returning === undefined;
    default:
      return false;
  }
}
