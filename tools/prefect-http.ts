import { setTimeout as delay } from "node:timers/promises";
import type { Json, JsonObject } from "../schema/json.ts";

/** Prefect on SQLite answers 503 while the database is locked. */
const BUSY_ATTEMPTS = 40;
const BUSY_WAIT_MS = 250;

/** The Prefect API over plain HTTP, as with curl: for changes outside of a program, and to verify what a program did. */
export class PrefectHttp {
  readonly url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, credentials: { apiKey?: string | undefined; authString?: string | undefined } = {}) {
    this.url = url.replace(/\/$/, "");
    const { apiKey, authString } = credentials;
    this.#headers = { "content-type": "application/json" };
    if (apiKey !== undefined) this.#headers.authorization = `Bearer ${apiKey}`;
    else if (authString !== undefined) this.#headers.authorization = `Basic ${btoa(authString)}`;
  }

  /** `undefined` for 404, `null` for an empty body. Throws: Error for every other status that is not 2xx. */
  async request(method: string, path: string, body?: Json): Promise<Json | undefined> {
    const request = { method, headers: this.#headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(`${this.url}${path}`, request);
      const text = await answer.text();
      if (answer.status === 404) return undefined;
      if (answer.ok) return text === "" ? null : (JSON.parse(text) as Json);
      if (answer.status !== 503 || attempt === BUSY_ATTEMPTS)
        throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      await delay(BUSY_WAIT_MS);
    }
  }

  async pool(name: string): Promise<JsonObject | undefined> {
    return (await this.request("GET", `/work_pools/${encodeURIComponent(name)}`)) as JsonObject | undefined;
  }

  /** A pool's queues by priority. */
  async queues(pool: string): Promise<{ name: string; concurrency_limit: number | null }[]> {
    const path = `/work_pools/${encodeURIComponent(pool)}/queues/filter`;
    return (await this.request("POST", path, {})) as { name: string; concurrency_limit: number | null }[];
  }
}
