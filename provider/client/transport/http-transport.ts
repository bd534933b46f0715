import tls from "node:tls";
import type { Dispatcher } from "undici";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";

export interface Sent {
  method: string;
  origin: string;
  /** Path and query, escaped. */
  path: string;
  headers: { [name: string]: string };
  body: string | undefined;
}

export interface Received {
  status: number;
  /** Names in lower case. */
  headers: { [name: string]: string | undefined };
  text: string;
}

/** No complete answer arrived. */
export class ExchangeFailure extends Error {
  override readonly name = "ExchangeFailure";
  /** Whether the request had begun to leave. */
  readonly left: boolean;
  /** The system's or the TLS layer's name for it. */
  readonly reason: string;

  constructor(left: boolean, cause: unknown) {
    super("no complete answer", { cause });
    this.left = left;
    this.reason = reasonOf(cause);
  }
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Prefect's server closes idle connections after 5 s; ours go first, so that no request meets a closing one. */
const KEEP_ALIVE_MS = 4_000;

type WireSettings = Pick<ResolvedSettings, "ca" | "insecureSkipVerify" | "maxConcurrentRequests" | "proxy">;

/** Carries single requests over kept-alive connections. Knows nothing of retries, JSON or Prefect. */
export class Wire {
  readonly #settings: WireSettings;
  #agent: Promise<Dispatcher> | undefined;

  constructor(settings: WireSettings) {
    this.#settings = settings;
  }

  /** One request and its whole answer. Rejects with an ExchangeFailure; when the signal ended it, the failure's cause is the
   *  signal's reason. */
  async send(sent: Sent, signal: AbortSignal): Promise<Received> {
    this.#agent ??= this.#open();
    const agent = await this.#agent;
    return new Promise((resolve, reject) => {
      let left = false;
      let controller: Dispatcher.DispatchController | undefined;
      let status = 0;
      let headers: Received["headers"] = {};
      const chunks: Buffer[] = [];
      const fail = (cause: unknown) => {
        signal.removeEventListener("abort", abort);
        reject(new ExchangeFailure(left, cause));
      };
      const abort = () => {
        fail(signal.reason);
        controller?.abort(new Error("aborted"));
      };
      if (signal.aborted) return fail(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      agent.dispatch(
        {
          ...sent,
          method: sent.method as Dispatcher.HttpMethod,
          body: sent.body ?? null,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        {
          onRequestStart(started) {
            controller = started;
            if (signal.aborted) started.abort(new Error("aborted"));
            else left = true;
          },
          onResponseStart(_, code, received) {
            status = code;
            headers = Object.fromEntries(
              Object.entries(received).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
            );
          },
          onResponseData(_, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            signal.removeEventListener("abort", abort);
            resolve({ status, headers, text: Buffer.concat(chunks).toString("utf8") });
          },
          onResponseError(_, error) {
            fail(error);
          },
        },
      );
    });
  }

  async close(): Promise<void> {
    const agent = await this.#agent;
    await agent?.destroy();
  }

  // Loaded when the first request is sent: a preview that sends none does not pay for it.
  async #open(): Promise<Dispatcher> {
    const { Agent, ProxyAgent } = await import("undici");
    const { ca, insecureSkipVerify, maxConcurrentRequests, proxy } = this.#settings;
    const trusted = ca === undefined ? undefined : [...builtInAuthorities(), ca];
    const connect = {
      timeout: CONNECT_TIMEOUT_MS,
      rejectUnauthorized: !insecureSkipVerify,
      ...(trusted === undefined ? {} : { ca: trusted }),
    };
    const options = {
      connections: maxConcurrentRequests,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    if (proxy === undefined) return new Agent({ ...options, connect });
    // Many proxies tunnel to TLS only. `requestTls` is for the API behind the proxy.
    return new ProxyAgent({ ...options, uri: proxy.url, proxyTunnel: false, requestTls: connect });
  }
}

/** Node 22.13 has no `getCACertificates` yet. */
function builtInAuthorities(): readonly string[] {
  return typeof tls.getCACertificates === "function" ? tls.getCACertificates("default") : tls.rootCertificates;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.name : "unknown";
}
