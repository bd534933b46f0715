import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import type { PoolClient } from "pg";
import { StoreError } from "../../store-error.ts";
import { toStoreError } from "./store-error.ts";

/** A connection of a pg pool for Kysely. */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  #broken = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const result = await this.#client.query({
        text: query.sql,
        values: [...query.parameters],
        ...named(query.sql),
      });
      return { rows: (result.rows ?? []) as R[], numAffectedRows: BigInt(result.rowCount ?? 0) };
    } catch (error) {
      this.#broken ||= !isServerError(error);
      if (!this.#broken) throw toStoreError(error);
      throw isLost(error) ? new StoreError("unavailable", error) : toStoreError(error);
    }
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator; nothing streams rows.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("rows are not streamed: page through them");
  }

  /** Returns the connection to the pool; a broken one is discarded. */
  release(): void {
    this.#client.release(this.#broken);
  }
}

/** PostgreSQL reported an error and keeps the connection. */
function isServerError(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity !== "FATAL" && error.severity !== "PANIC";
}

/** The driver reports lost connections as plain Errors; bugs are of other classes. */
function isLost(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

const names = new Map<string, string>();

/** PostgreSQL keeps named statements prepared. Their number is bounded. */
function named(sql: string): { name?: string } {
  let name = names.get(sql);
  if (name === undefined) {
    if (names.size >= 500) return {};
    name = `s${names.size}`;
    names.set(sql, name);
  }
  return { name };
}
