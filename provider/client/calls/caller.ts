import { z } from "zod";
import { type Fault, networkFault, refusalFault, unreadableFault } from "../errors/attempt-failure.ts";
import { looksLikeHtml } from "../errors/error-body.ts";
import { PrefectError } from "../errors/prefect-error.ts";
import { type Redact, redactor } from "../errors/redact.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import { ExchangeFailure, type Received, Wire } from "../transport/http-transport.ts";
import { Limiter, type Outcome } from "../transport/request-limiter.ts";
import { Ended, Operation } from "./active-call.ts";
import type { ApiAnswer, ApiRequest, Call } from "./api-request.ts";
import { Tries } from "./attempts.ts";
import { Csrf, type CsrfAnswer, csrfAnswer } from "./csrf-token.ts";
import type { Hooks } from "./hooks.ts";
import { readAnswer } from "./read-answer.ts";
import { retryWait } from "./retry.ts";
import { ServerCheck } from "./server-check.ts";
import type { Time } from "./time.ts";

const USER_AGENT = "prefect-iac";

/** Turns a request into an answer or a PrefectError: turns, tries, time, credentials and CSRF are handled here, for all routes. */
export class Caller {
  readonly settings: ResolvedSettings;
  readonly hooks: Hooks;
  readonly server: ServerCheck;
  /** Path of the API; the server check may find that it is served elsewhere. */
  base: string;
  #clockOffsetMs: number | undefined;
  readonly #time: Time;
  readonly #wire: Wire;
  readonly #limiter: Limiter;
  readonly #redact: Redact;
  readonly #csrf: Csrf;
  readonly #operations = new Set<Operation>();
  #lastProgress = 0;
  #closed = false;

  constructor(settings: ResolvedSettings, hooks: Hooks, time: Time) {
    this.settings = settings;
    this.hooks = hooks;
    this.base = settings.api.basePath;
    this.#time = time;
    this.#wire = new Wire(settings);
    this.#limiter = new Limiter(settings.maxConcurrentRequests);
    this.#redact = redactor(settings);
    this.#csrf = new Csrf(() => time.now() + (this.#clockOffsetMs ?? 0));
    this.server = new ServerCheck(this);
  }

  get url(): string {
    return this.settings.api.origin + this.base;
  }

  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  /** Throws: PrefectError. */
  call<T>(request: ApiRequest<T>, call: Call | undefined): Promise<ApiAnswer<T>> {
    return this.#during(request, call, async (tries, operation) => {
      if (request.plain !== true) await operation.wait(this.server.ready());
      return this.#try(tries, operation);
    });
  }

  /** Throws: PrefectError. */
  version(call: Call | undefined): Promise<string> {
    const request = { kind: "read", method: "GET", path: "/admin/version", answer: z.unknown() } as const;
    return this.#during(request, call, (_, operation) => operation.wait(this.server.ready()));
  }

  async #during<T, R>(
    request: ApiRequest<T>,
    call: Call | undefined,
    run: (tries: Tries<T>, operation: Operation) => Promise<R>,
  ): Promise<R> {
    const operation = new Operation({
      time: this.#time,
      limitMs: this.settings.requestTimeoutMs,
      signal: call?.signal,
      lastProgress: () => this.#lastProgress,
    });
    if (this.#closed) operation.stop("closed");
    this.#operations.add(operation);
    const tries = new Tries(request, this);
    try {
      return await run(tries, operation);
    } catch (error) {
      if (error instanceof Ended) throw tries.ended(error, this.settings.requestTimeoutMs);
      throw error;
    } finally {
      operation.finish();
      this.#operations.delete(operation);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const operation of this.#operations) operation.stop("closed");
    await this.#wire.close();
  }

  async #try<T>(tries: Tries<T>, operation: Operation): Promise<ApiAnswer<T>> {
    for (;;) {
      if (tries.unsafe && this.#csrf.ages) await operation.wait(this.#renewCsrf(this.#csrf.token));
      tries.token = tries.unsafe ? this.#csrf.token : undefined;
      const result = await this.#once(tries, operation);
      if (!("code" in result)) return result;
      const fault = tries.add(result);
      if (tries.follows(fault)) continue;
      if (fault.code === "forbidden" && tries.unsafe && tries.firstForbidden()) {
        if (await operation.wait(this.#renewCsrf(tries.token))) continue;
      }
      if (fault.code === "not_found" && !(await this.#isDefinite(tries, fault, operation))) {
        throw tries.error({ ...fault, ...NOT_THE_API });
      }
      const state = { tries: tries.count, leftMs: operation.leftMs, chance: this.#time.random() };
      const wait = retryWait(tries.request.kind, fault, state);
      if (wait === undefined) throw tries.error(fault);
      this.hooks.debug?.(`${tries.asked.method} ${tries.asked.url}: ${fault.what}; again in ${Math.round(wait)} ms`);
      await this.#time.sleep(wait, operation.signal);
    }
  }

  /** Whether a 404 is about the object. The router's own also comes from a wrong address, so the server itself is asked. */
  async #isDefinite<T>({ request }: Tries<T>, { bare }: Fault, operation: Operation): Promise<boolean> {
    if (request.plain === true) return false;
    if (bare !== true && !this.settings.api.cloud) return true;
    return operation.wait(this.server.answers());
  }

  /** One try, in its turn. */
  async #once<T>(tries: Tries<T>, operation: Operation): Promise<ApiAnswer<T> | Fault> {
    const slot = await this.#limiter.acquire(operation.signal, tries.count > 0);
    let outcome: Outcome = "failed";
    try {
      operation.begin();
      const received = await this.#exchange(tries, operation.signal);
      const overloaded = received.status === 503 || received.status === 429;
      outcome = overloaded ? "overloaded" : "answered";
      if (received.status < 200 || received.status > 299) return refusalFault(tries.asked, received, this.#redact);
      const read = readAnswer(tries.request.answer, received.text);
      if ("value" in read) return { value: read.value, status: received.status };
      const fault = unreadableFault(tries.asked, received.status, read.problem, read.shown, this.#redact);
      return { ...fault, foreign: looksLikeHtml(received.text) };
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      if (!(error.cause instanceof Ended)) return networkFault(tries.asked, error, this.#redact);
      if (error.left) tries.leftAtTheEnd();
      throw error.cause;
    } finally {
      slot.release(outcome);
    }
  }

  async #exchange<T>({ request, path, asked, token }: Tries<T>, signal: AbortSignal): Promise<Received> {
    const begun = this.#time.now();
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const { origin } = this.settings.api;
    const headers = this.#headers(body, token);
    const received = await this.#wire.send({ method: request.method, origin, path, headers, body }, signal);
    const now = this.#time.now();
    this.#lastProgress = now;
    const date = Date.parse(received.headers.date ?? "");
    if (!Number.isNaN(date)) this.#clockOffsetMs = date - now;
    this.hooks.debug?.(`${asked.method} ${asked.url}: ${received.status} after ${now - begun} ms`);
    return received;
  }

  #headers(body: string | undefined, token: string | undefined): { [name: string]: string } {
    const { authString, apiKey, customHeaders } = this.settings;
    const authorization =
      authString !== undefined
        ? `Basic ${Buffer.from(authString).toString("base64")}`
        : apiKey === undefined
          ? undefined
          : `Bearer ${apiKey}`;
    return {
      accept: "application/json",
      "user-agent": USER_AGENT,
      ...(authorization === undefined ? {} : { authorization }),
      ...customHeaders,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { "prefect-csrf-client": this.#csrf.client, "prefect-csrf-token": token }),
    };
  }

  /** Answers whether there is a token now. A server without protection says 422, an older one 404. */
  #renewCsrf(old: string | undefined): Promise<boolean> {
    return this.#csrf.renew(old, async (): Promise<CsrfAnswer | undefined> => {
      const path = `/csrf-token?client=${this.#csrf.client}`;
      try {
        const asked = { kind: "read", method: "GET", path, answer: csrfAnswer, plain: true } as const;
        return (await this.call(asked, undefined)).value;
      } catch (error) {
        const none = ["invalid", "forbidden", "unreadable"];
        if (error instanceof PrefectError && none.includes(error.code)) return undefined;
        throw error;
      }
    });
  }
}

const NOT_THE_API = {
  code: "unreadable",
  what: "the server knows no such path (404)",
  foreign: true,
} as const satisfies Partial<Fault>;
