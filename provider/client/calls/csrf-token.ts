import { randomUUID } from "node:crypto";
import { z } from "zod";

/** The response of GET /csrf-token (prefect/server/api/csrf_token.py). */
export const csrfTokenResponse = z.object({ token: z.string().min(1), expiration: z.string() });
export type CsrfTokenResponse = z.infer<typeof csrfTokenResponse>;

/** A token is renewed this long before it expires. */
const RENEWAL_MARGIN_MS = 60_000;

/** The token of a server with CSRF protection. `fetch` requests a new one; `undefined` from it: the server has no protection. */
export class CsrfToken {
  readonly client = randomUUID();
  readonly #serverNow: () => number;
  #token: { value: string; expiresAt: number } | undefined;
  #renewal: Promise<boolean> | undefined;

  constructor(serverNow: () => number) {
    this.#serverNow = serverNow;
  }

  /** Whether there is a token, and it has expired or is about to. */
  get expires(): boolean {
    return this.#token !== undefined && this.#serverNow() > this.#token.expiresAt - RENEWAL_MARGIN_MS;
  }

  /** The token to send; `undefined`: there is none yet. */
  get value(): string | undefined {
    return this.#token?.value;
  }

  /** Whether there is another token now than the one that was refused or expires. Concurrent calls share one request; a later call
   *  takes its result. */
  async renew(old: string | undefined, fetch: () => Promise<CsrfTokenResponse | undefined>): Promise<boolean> {
    if (this.#token !== undefined && this.#token.value !== old) return true;
    this.#renewal ??= this.#fetch(fetch).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #fetch(fetch: () => Promise<CsrfTokenResponse | undefined>): Promise<boolean> {
    const response = await fetch();
    const expiration = Date.parse(response?.expiration ?? "");
    // A new token that has expired already: the clocks differ, and only a refusal can show that a token is too old.
    const isPlausible = expiration - RENEWAL_MARGIN_MS > this.#serverNow();
    const expiresAt = isPlausible ? expiration : Number.POSITIVE_INFINITY;
    this.#token = response && { value: response.token, expiresAt };
    return response !== undefined;
  }
}
