import tls from "node:tls";
import type { Dispatcher } from "undici";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";

export interface HttpRequest {
  method: string;
  origin: string;
  /** Path and query, escaped. */
  path: string;
  headers: { [name: string]: string };
  body: string | undefined;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: { [name: string]: string | undefined };
  body: string;
}

/** No complete response arrived. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** Whether sending had started, so that the server may have received the request. */
  readonly wasSent: boolean;
  /** The error code of the system or of the TLS layer, e.g. `ECONNREFUSED`. */
  readonly reason: string;

  constructor(wasSent: boolean, cause: unknown) {
    super("no complete response", { cause });
    this.wasSent = wasSent;
    this.reason = reasonOf(cause);
  }
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Prefect's server closes idle connections after 5 s. The client closes them earlier, so that no request is sent on a closing one. */
const KEEP_ALIVE_MS = 4_000;

type TransportSettings = Pick<ResolvedSettings, "ca" | "insecureSkipVerify" | "maxConcurrentRequests" | "proxy">;

/** Sends single requests over keep-alive connections. Knows nothing of retries, JSON or Prefect. */
export class HttpTransport {
  readonly #settings: TransportSettings;
  #agent: Promise<Dispatcher> | undefined;

  constructor(settings: TransportSettings) {
    this.#settings = settings;
  }

  /** Sends one request and receives the whole response. Rejects with a TransportError; when the signal is aborted, its cause is
   *  the signal's reason. */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    this.#agent ??= this.#createAgent();
    const agent = await this.#agent;
    return new Promise((resolve, reject) => {
      let wasSent = false;
      let controller: Dispatcher.DispatchController | undefined;
      let status = 0;
      let headers: HttpResponse["headers"] = {};
      const chunks: Buffer[] = [];
      const fail = (cause: unknown) => {
        signal.removeEventListener("abort", abort);
        reject(new TransportError(wasSent, cause));
      };
      const abort = () => {
        fail(signal.reason);
        controller?.abort(new Error("aborted"));
      };
      if (signal.aborted) return fail(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      agent.dispatch(
        {
          ...request,
          method: request.method as Dispatcher.HttpMethod,
          body: request.body ?? null,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        {
          onRequestStart(requestController) {
            controller = requestController;
            if (signal.aborted) requestController.abort(new Error("aborted"));
            else wasSent = true;
          },
          onResponseStart(_, statusCode, rawHeaders) {
            status = statusCode;
            headers = Object.fromEntries(
              Object.entries(rawHeaders).map(([name, value]) => [
                name,
                Array.isArray(value) ? value.join(", ") : value,
              ]),
            );
          },
          onResponseData(_, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            signal.removeEventListener("abort", abort);
            resolve({ status, headers, body: Buffer.concat(chunks).toString("utf8") });
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

  // undici is loaded with the first request: a preview that sends none does not need it.
  async #createAgent(): Promise<Dispatcher> {
    const { Agent, ProxyAgent } = await import("undici");
    const { ca, insecureSkipVerify, maxConcurrentRequests, proxy } = this.#settings;
    const authorities = ca === undefined ? undefined : [...builtInAuthorities(), ca];
    const connect = {
      timeout: CONNECT_TIMEOUT_MS,
      rejectUnauthorized: !insecureSkipVerify,
      ...(authorities === undefined ? {} : { ca: authorities }),
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
    // Many proxies allow tunnels (CONNECT) for TLS only. `requestTls` is for the API behind the proxy.
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
