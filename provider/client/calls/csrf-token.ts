import { randomUUID } from "node:crypto";
import { z } from "zod";

/** Answer of GET /csrf-token (prefect/server/api/csrf_token.py). */
export const csrfAnswer = z.object({ token: z.string().min(1), expiration: z.string() });
export type CsrfAnswer = z.infer<typeof csrfAnswer>;

/** A token is renewed this long before the server forgets it. */
const MARGIN_MS = 60_000;

/** The token of a server with CSRF protection. `ask` fetches one; `undefined` from it: the server has no protection. */
export class Csrf {
  readonly client = randomUUID();
  readonly #serverNow: () => number;
  #token: { text: string; until: number } | undefined;
  #asking: Promise<boolean> | undefined;

  constructor(serverNow: () => number) {
    this.#serverNow = serverNow;
  }

  /** Whether a token is known and will soon be too old. */
  get ages(): boolean {
    return this.#token !== undefined && this.#serverNow() > this.#token.until - MARGIN_MS;
  }

  /** The token to send; `undefined`: none is known. */
  get token(): string | undefined {
    return this.#token?.text;
  }

  /** Whether there is another token now than the one that was refused, or is too old. Who asks at the same time shares one request,
   *  and who comes later takes what it brought. */
  async renew(old: string | undefined, ask: () => Promise<CsrfAnswer | undefined>): Promise<boolean> {
    if (this.#token !== undefined && this.#token.text !== old) return true;
    this.#asking ??= this.#fetch(ask).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetch(ask: () => Promise<CsrfAnswer | undefined>): Promise<boolean> {
    const answer = await ask();
    const until = Date.parse(answer?.expiration ?? "");
    // Too old at once: then the clocks differ, and only a refusal can tell.
    const believable = until - MARGIN_MS > this.#serverNow();
    this.#token = answer && { text: answer.token, until: believable ? until : Number.POSITIVE_INFINITY };
    return answer !== undefined;
  }
}
