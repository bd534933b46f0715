import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import type { PoolClient } from "pg";
import { StoreError } from "../../store-error.ts";
import { toStoreError } from "./store-error.ts";

/** One connection of a pg pool as Kysely sees it. */
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

  /** Gives the connection back; one that failed outside of SQL is thrown away. */
  release(): void {
    this.#client.release(this.#broken);
  }
}

/** PostgreSQL answered and goes on, so the connection is fine. */
function isServerError(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity !== "FATAL" && error.severity !== "PANIC";
}

/** The driver and the system say so in a plain Error; mistakes of ours are of other classes. */
function isLost(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

const names = new Map<string, string>();

/** A name makes PostgreSQL keep the statement prepared. Lists of varying length would make ever more of them: only so many. */
function named(sql: string): { name?: string } {
  let name = names.get(sql);
  if (name === undefined) {
    if (names.size >= 500) return {};
    name = `s${names.size}`;
    names.set(sql, name);
  }
  return { name };
}
