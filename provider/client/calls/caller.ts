import { z } from "zod";
import { type AttemptFailure, networkFailure, statusFailure, unreadableFailure } from "../errors/attempt-failure.ts";
import { describeHtml, isHtml, parseJson } from "../errors/error-body.ts";
import { PrefectError } from "../errors/prefect-error.ts";
import { createRedact, outline, type Redact } from "../errors/redact.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import { type HttpResponse, HttpTransport, TransportError } from "../transport/http-transport.ts";
import { type Outcome, RequestLimiter } from "../transport/request-limiter.ts";
import { ActiveCall, CallAborted } from "./active-call.ts";
import type { ApiRequest, ApiResponse, CallOptions } from "./api-request.ts";
import { RequestAttempts } from "./attempts.ts";
import { CsrfToken, type CsrfTokenResponse, csrfTokenResponse } from "./csrf-token.ts";
import type { Hooks } from "./hooks.ts";
import { retryDelay } from "./retry-delay.ts";
import { ServerCheck } from "./server-check.ts";
import type { Time } from "./time.ts";

const USER_AGENT = "prefect-iac";

/** Sends requests to the API: the concurrency limit, retries, timeout, credentials and CSRF token for all routes. */
export class Caller {
  readonly settings: ResolvedSettings;
  readonly hooks: Hooks;
  /** Path of the API; the server check may find the API at another one. */
  basePath: string;
  #clockOffsetMs: number | undefined;
  readonly #server: ServerCheck;
  readonly #time: Time;
  readonly #transport: HttpTransport;
  readonly #limiter: RequestLimiter;
  readonly #redact: Redact;
  readonly #csrfToken: CsrfToken;
  readonly #activeCalls = new Set<ActiveCall>();
  #lastResponse = 0;
  #closed = false;

  constructor(settings: ResolvedSettings, hooks: Hooks, time: Time) {
    this.settings = settings;
    this.hooks = hooks;
    this.basePath = settings.api.basePath;
    this.#time = time;
    this.#transport = new HttpTransport(settings);
    this.#limiter = new RequestLimiter(settings.maxConcurrentRequests);
    this.#redact = createRedact(settings);
    this.#csrfToken = new CsrfToken(() => time.now() + (this.#clockOffsetMs ?? 0));
    this.#server = new ServerCheck(this);
  }

  get url(): string {
    return this.settings.api.origin + this.basePath;
  }

  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  /** Throws: PrefectError. */
  call<T>(request: ApiRequest<T>, options: CallOptions | undefined): Promise<ApiResponse<T>> {
    return this.#run(request, options, async (attempts, activeCall) => {
      if (request.isProbe !== true) await activeCall.wait(this.#server.version());
      return this.#sendWithRetries(attempts, activeCall);
    });
  }

  /** The server's version (`ServerCheck.version`). Throws: PrefectError. */
  version(options: CallOptions | undefined): Promise<string> {
    const request = { kind: "read", method: "GET", path: "/admin/version", response: z.unknown() } as const;
    return this.#run(request, options, (_, activeCall) => activeCall.wait(this.#server.version()));
  }

  /** Aborts all calls, and closes the connections. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const activeCall of this.#activeCalls) activeCall.abort("closed");
    await this.#transport.close();
  }

  async #run<T, Result>(
    request: ApiRequest<T>,
    options: CallOptions | undefined,
    run: (attempts: RequestAttempts<T>, activeCall: ActiveCall) => Promise<Result>,
  ): Promise<Result> {
    const timeoutMs = this.settings.requestTimeoutMs;
    const activeCall = new ActiveCall({
      time: this.#time,
      timeoutMs,
      signal: options?.signal,
      lastResponse: () => this.#lastResponse,
    });
    if (this.#closed) activeCall.abort("closed");
    this.#activeCalls.add(activeCall);
    const attempts = new RequestAttempts(request, this);
    try {
      return await run(attempts, activeCall);
    } catch (error) {
      if (error instanceof CallAborted) throw attempts.abortedError(error, timeoutMs);
      throw error;
    } finally {
      activeCall.finish();
      this.#activeCalls.delete(activeCall);
    }
  }

  async #sendWithRetries<T>(attempts: RequestAttempts<T>, activeCall: ActiveCall): Promise<ApiResponse<T>> {
    const { needsCsrfToken, request } = attempts;
    for (;;) {
      if (needsCsrfToken && this.#csrfToken.expires) {
        await activeCall.wait(this.#renewCsrfToken(this.#csrfToken.value));
      }
      attempts.csrfToken = needsCsrfToken ? this.#csrfToken.value : undefined;
      const result = await this.#sendOnce(attempts, activeCall);
      if (!("code" in result)) return result;
      attempts.addFailure(result);
      if (attempts.follow(result)) continue;
      if (needsCsrfToken && attempts.isFirstForbidden) {
        if (await activeCall.wait(this.#renewCsrfToken(attempts.csrfToken))) continue;
      }
      if (result.code === "not_found" && !(await this.#isAbsent(request, result, activeCall))) {
        throw attempts.error({ ...result, code: "unreadable", summary: "the server knows no such path (404)" });
      }
      // An unreadable response to a probe is its result: the server is no API, or has no such route.
      if (request.isProbe === true && result.code === "unreadable") throw attempts.error(result);
      const { remainingMs } = activeCall;
      const delayMs = retryDelay(request.kind, result, {
        attempts: attempts.count,
        remainingMs,
        random: this.#time.random(),
      });
      if (delayMs === undefined) throw attempts.error(result);
      const { method, url } = attempts.attempted;
      this.hooks.debug?.(`${method} ${url}: ${result.summary}; retry in ${Math.round(delayMs)} ms`);
      await this.#time.sleep(delayMs, activeCall.signal);
    }
  }

  /** Whether a 404 means that the object does not exist. The router's own 404 also comes from a wrong URL, so the server is probed. */
  async #isAbsent<T>(request: ApiRequest<T>, failure: AttemptFailure, activeCall: ActiveCall): Promise<boolean> {
    if (request.isProbe === true) return false;
    if (failure.isRouter404 !== true && !this.settings.api.cloud) return true;
    return activeCall.wait(this.#server.isApi());
  }

  /** One attempt, in a slot of the limiter. */
  async #sendOnce<T>(attempts: RequestAttempts<T>, activeCall: ActiveCall): Promise<ApiResponse<T> | AttemptFailure> {
    const isRetry = attempts.count > 0;
    const slot = await this.#limiter.acquire(activeCall.signal, isRetry);
    let outcome: Outcome = "failure";
    try {
      activeCall.start();
      const response = await this.#send(attempts, activeCall.signal);
      const { status } = response;
      outcome = status === 503 || status === 429 ? "overloaded" : "success";
      if (status < 200 || status > 299) return statusFailure(attempts.attempted, response, this.#redact);
      const parsed = parseResponse(attempts.request.response, response.body);
      if ("value" in parsed) return { value: parsed.value, status };
      return unreadableFailure(attempts.attempted, { status, ...parsed }, this.#redact);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (!(error.cause instanceof CallAborted)) return networkFailure(attempts.attempted, error, this.#redact);
      if (error.wasSent) attempts.addAborted();
      throw error.cause;
    } finally {
      slot.release(outcome);
    }
  }

  async #send<T>(attempts: RequestAttempts<T>, signal: AbortSignal): Promise<HttpResponse> {
    const { request, path, csrfToken, attempted } = attempts;
    const start = this.#time.now();
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const { origin } = this.settings.api;
    const headers = this.#headers(body, csrfToken);
    const response = await this.#transport.send({ method: request.method, origin, path, headers, body }, signal);
    const now = this.#time.now();
    this.#lastResponse = now;
    const date = Date.parse(response.headers.date ?? "");
    if (!Number.isNaN(date)) this.#clockOffsetMs = date - now;
    this.hooks.debug?.(`${attempted.method} ${attempted.url}: ${response.status} after ${now - start} ms`);
    return response;
  }

  #headers(body: string | undefined, csrfToken: string | undefined): { [name: string]: string } {
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
      ...(csrfToken === undefined
        ? {}
        : { "prefect-csrf-client": this.#csrfToken.client, "prefect-csrf-token": csrfToken }),
    };
  }

  /** Whether there is a token now. A server without CSRF protection responds with 422, an older one with 404. */
  #renewCsrfToken(old: string | undefined): Promise<boolean> {
    return this.#csrfToken.renew(old, async (): Promise<CsrfTokenResponse | undefined> => {
      const path = `/csrf-token?client=${this.#csrfToken.client}`;
      const request = { kind: "read", method: "GET", path, response: csrfTokenResponse, isProbe: true } as const;
      try {
        return (await this.call(request, undefined)).value;
      } catch (error) {
        const unprotected = ["invalid", "forbidden", "unreadable"];
        if (error instanceof PrefectError && unprotected.includes(error.code)) return undefined;
        throw error;
      }
    });
  }
}

/** The body of a success, as the route's response type reads it; an empty body reads as `undefined`. `shown` is the body without
 *  values: they may be secrets. */
function parseResponse<T>(type: z.ZodType<T>, body: string): { value: T } | { problem: string; shown: string } {
  if (isHtml(body)) return { problem: "it is not JSON", shown: describeHtml(body) };
  const json = body === "" ? { value: undefined } : parseJson(body);
  if (json === undefined) return { problem: "it is not JSON", shown: outline(body) };
  const result = type.safeParse(json.value);
  if (result.success) return { value: result.data };
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.map(String).join(".")}`;
  return {
    problem: `it does not match this route${where} (${issue?.message ?? "wrong type"})`,
    shown: outline(body),
  };
}
