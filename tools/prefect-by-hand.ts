import { setTimeout as delay } from "node:timers/promises";
import type { Json, JsonObject } from "../schema/json.ts";

/** A Prefect on SQLite refuses a write while it does another. */
const BUSY_TRIES = 40;
const BUSY_WAIT_MS = 250;

/** Plain HTTP, as an operator would use it with curl: what is changed behind a program's back, and what is looked at to see that
 *  a program's claims are true. */
export class PrefectByHand {
  readonly url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, credentials: { apiKey?: string | undefined; authString?: string | undefined } = {}) {
    this.url = url.replace(/\/$/, "");
    const { apiKey, authString } = credentials;
    this.#headers = { "content-type": "application/json" };
    if (apiKey !== undefined) this.#headers.authorization = `Bearer ${apiKey}`;
    else if (authString !== undefined) this.#headers.authorization = `Basic ${btoa(authString)}`;
  }

  /** `undefined` for 404, `null` for an answer without a body. Throws: Error for every other answer that is no success. */
  async ask(method: string, path: string, body?: Json): Promise<Json | undefined> {
    const request = { method, headers: this.#headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    for (let tries = 1; ; tries++) {
      const answer = await fetch(`${this.url}${path}`, request);
      const text = await answer.text();
      if (answer.status === 404) return undefined;
      if (answer.ok) return text === "" ? null : (JSON.parse(text) as Json);
      if (answer.status !== 503 || tries === BUSY_TRIES)
        throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      await delay(BUSY_WAIT_MS);
    }
  }

  async pool(name: string): Promise<JsonObject | undefined> {
    return (await this.ask("GET", `/work_pools/${encodeURIComponent(name)}`)) as JsonObject | undefined;
  }

  /** A pool's queues, the one served first at the front. */
  async queues(pool: string): Promise<{ name: string; concurrency_limit: number | null }[]> {
    const path = `/work_pools/${encodeURIComponent(pool)}/queues/filter`;
    return (await this.ask("POST", path, {})) as { name: string; concurrency_limit: number | null }[];
  }
}
