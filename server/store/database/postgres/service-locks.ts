import type { Client } from "pg";
import { StoreError } from "../../store-error.ts";

/** The first half of the key of our advisory locks; the other half is a hash of the name. */
const LOCK_CLASS = 7_733_102;

/** Service locks as session-level advisory locks: PostgreSQL releases them when the connection ends, for whatever reason. One connection,
 *  apart from the pool, holds all locks of a process. */
export class ServiceLocks {
  readonly #connect: () => Promise<Client>;
  #client: Promise<Client> | undefined;
  #lastQuery: Promise<unknown> = Promise.resolve();

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  /** Runs `work` unless another session holds the lock. Whether it ran. */
  async run(name: string, work: () => Promise<void>): Promise<boolean> {
    const client = await this.#connected();
    if (!(await this.#query(client, "select pg_try_advisory_lock($1, hashtext($2)) as yes", name))) return false;
    try {
      await work();
    } finally {
      await this.#query(client, "select pg_advisory_unlock($1, hashtext($2)) as yes", name);
    }
    return true;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then((known) => known.end());
  }

  #connected(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const forget = () => {
      if (this.#client === connecting) this.#client = undefined;
    };
    const connecting = this.#connect().then(
      (client) => {
        // Lost while idle: the next lock connects anew. Without a listener the error would end the process.
        client.on("error", forget);
        client.on("end", forget);
        return client;
      },
      (error: unknown) => {
        forget();
        throw new StoreError("unavailable", error);
      },
    );
    this.#client = connecting;
    return connecting;
  }

  /** One query at a time: the driver allows no more on one connection. */
  #query(client: Client, sql: string, name: string): Promise<boolean> {
    const answer = this.#lastQuery.then(() => this.#send(client, sql, name));
    this.#lastQuery = answer.catch(() => {});
    return answer;
  }

  async #send(client: Client, sql: string, name: string): Promise<boolean> {
    try {
      const { rows } = await client.query<{ yes: boolean }>(sql, [LOCK_CLASS, name]);
      return rows[0]?.yes === true;
    } catch (error) {
      // These statements fail only with their connection.
      this.#client = undefined;
      client.end().catch(() => {});
      throw new StoreError("unavailable", error);
    }
  }
}
