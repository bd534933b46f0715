import type { Client } from "pg";
import { StoreError } from "../../../errors.ts";

/** The first half of the key of our advisory locks; the other is made from a name. */
const CLASS = 7_733_102;

/** Gives turns by advisory locks, which a session holds: PostgreSQL takes them back when its connection ends, however that comes.
 *  One connection, apart from those that work, holds all turns of a process. */
export class Turns {
  readonly #connect: () => Promise<Client>;
  #client: Promise<Client> | undefined;
  #asked: Promise<unknown> = Promise.resolve();

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  async take(name: string, work: () => Promise<void>): Promise<boolean> {
    const client = await this.#connected();
    if (!(await this.#ask(client, "select pg_try_advisory_lock($1, hashtext($2)) as yes", name))) return false;
    try {
      await work();
    } finally {
      await this.#ask(client, "select pg_advisory_unlock($1, hashtext($2)) as yes", name);
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
        // Lost while idle: the next turn connects anew. Without a listener it would end the process.
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

  /** One question at a time: the driver wants it so. */
  #ask(client: Client, question: string, name: string): Promise<boolean> {
    const answer = this.#asked.then(() => this.#query(client, question, name));
    this.#asked = answer.catch(() => {});
    return answer;
  }

  async #query(client: Client, question: string, name: string): Promise<boolean> {
    try {
      const { rows } = await client.query<{ yes: boolean }>(question, [CLASS, name]);
      return rows[0]?.yes === true;
    } catch (error) {
      // These questions fail only with their connection.
      this.#client = undefined;
      client.end().catch(() => {});
      throw new StoreError("unavailable", error);
    }
  }
}
