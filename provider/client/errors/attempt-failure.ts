import type { JsonObject } from "../../../schema/json.ts";
import type { HttpResponse, TransportError } from "../transport/http-transport.ts";
import { type ErrorBody, parseErrorBody } from "./error-body.ts";
import { PrefectError, type PrefectErrorCode, type RefusedField } from "./prefect-error.ts";
import { type Redact, shortened } from "./redact.ts";

/** Longest text of a response that is looked at, in characters. */
const MAX_TEXT = 100_000;
/** Longest text of a response in a message. */
const MAX_DETAIL = 1_000;
const MAX_FIELDS = 20;

/** The effect of sending a request twice. `read`: none. `change`: the same state again (idempotent: PATCH, DELETE). `create`: perhaps
 *  a second object, so the caller has to look whether the first exists before it repeats the request. */
export type RequestKind = "read" | "change" | "create";

/** The request that an attempt sent, with the whole URL for messages. */
export interface AttemptedRequest {
  kind: RequestKind;
  method: string;
  url: string;
  body?: JsonObject | undefined;
}

/** Why one attempt failed. Texts are redacted. */
export interface AttemptFailure {
  code: PrefectErrorCode;
  status?: number | undefined;
  /** The server may have carried out the request. */
  mayHaveHappened: boolean;
  /** What happened, as a clause: "the server refused it as invalid (422)". */
  summary: string;
  /** The server's own message. */
  detail?: string | undefined;
  fields?: RefusedField[] | undefined;
  /** For `network`: the error code of the system or of the TLS layer. */
  reason?: string | undefined;
  /** For `network`: sending had started. */
  wasSent?: boolean | undefined;
  /** For `network`: a retry would fail in the same way (e.g. an untrusted certificate). */
  isPermanent?: boolean | undefined;
  retryAfterMs?: number | undefined;
  /** The router's own 404: no such object, or no such path at all. */
  isRouter404?: boolean | undefined;
  redirectedTo?: string | undefined;
  cause?: unknown;
}

/** The failure of a response with any status but 2xx. */
export function statusFailure(request: AttemptedRequest, response: HttpResponse, redact: Redact): AttemptFailure {
  const { status } = response;
  if (status >= 300 && status < 400) return redirectFailure(request, response, redact);
  const body = redactBody(parseErrorBody(response.body), request, redact);
  const isApi = body.format === "api";
  const code = codeOf(status, isApi);
  return {
    code,
    status,
    summary:
      code === "unreadable"
        ? `the response (${status}) is not that of a Prefect API`
        : `the server ${verb(code)} (${status})`,
    detail: body.text === "" ? undefined : body.text,
    fields: isApi ? body.fields : undefined,
    isRouter404: isApi && body.isRouter404 && status === 404,
    // A gateway can respond with 503 when its connection to the server broke after the request had been forwarded.
    mayHaveHappened: request.kind !== "read" && status >= 500,
    retryAfterMs: retryAfterMs(response),
  };
}

function redactBody(body: ErrorBody, request: AttemptedRequest, redact: Redact): ErrorBody {
  const text = redactText(body.text, request, redact);
  if (body.format !== "api") return { ...body, text };
  const fields = body.fields
    .slice(0, MAX_FIELDS)
    .map(({ path, reason }) => ({ path, reason: redactText(reason, request, redact) }));
  return { ...body, text, fields };
}

/** Redacts before shortening: half a secret would not be found. */
function redactText(text: string, request: AttemptedRequest, redact: Redact): string {
  return shortened(redact(text.slice(0, MAX_TEXT), request), MAX_DETAIL);
}

function codeOf(status: number, isApi: boolean): PrefectErrorCode {
  switch (status) {
    case 401:
    case 407:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
    case 410:
      return isApi ? "not_found" : "unreadable";
    case 405:
      return "unreadable";
    case 409:
    case 423:
      return "conflict";
    case 429:
      return "rate_limited";
    case 408:
    case 502:
    case 503:
    case 504:
      return "unavailable";
    default:
      return status >= 500 ? "server_fault" : "invalid";
  }
}

function verb(code: PrefectErrorCode): string {
  switch (code) {
    case "unauthorized":
      return "requires other credentials";
    case "forbidden":
      return "forbids it";
    case "not_found":
      return "says that it does not exist";
    case "conflict":
      return "refused it as a conflict";
    case "rate_limited":
      return "received too many requests";
    case "unavailable":
      return "is not available";
    case "server_fault":
      return "failed with an internal error";
    default:
      return "refused it as invalid";
  }
}

/** Source: RFC 9110 10.2.3; Prefect sends seconds with a fraction. */
function retryAfterMs({ headers }: HttpResponse): number | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const [until, now] = [Date.parse(text), Date.parse(headers.date ?? "")];
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, until - now);
}

function redirectFailure(request: AttemptedRequest, { status, headers }: HttpResponse, redact: Redact): AttemptFailure {
  const target = URL.parse(headers.location ?? "", request.url);
  const to = target === null ? "an invalid URL" : redact(`${target.origin}${target.pathname}`);
  return {
    code: "redirected",
    status,
    summary: `the server redirected it (${status}) to ${to}, which was not followed`,
    mayHaveHappened: request.kind !== "read" && status === 303,
    redirectedTo: target?.href,
  };
}

/** The failure of a success (2xx) that does not match the route's response type. `shown` must hold no values (`outline`): any of
 *  them may be a secret. */
export function unreadableFailure(
  request: AttemptedRequest,
  { status, problem, shown }: { status: number; problem: string; shown: string },
  redact: Redact,
): AttemptFailure {
  return {
    code: "unreadable",
    status,
    summary: `the response (${status}) cannot be read: ${problem}`,
    detail: redactText(shown, request, redact),
    mayHaveHappened: request.kind !== "read",
  };
}

/** The failure of a request without a complete response. */
export function networkFailure(request: AttemptedRequest, error: TransportError, redact: Redact): AttemptFailure {
  const { wasSent, reason } = error;
  return {
    code: "network",
    summary: wasSent
      ? "the connection broke before the response was complete"
      : "the connection to the server could not be established",
    reason,
    wasSent,
    isPermanent: isPermanent(reason),
    mayHaveHappened: wasSent && request.kind !== "read",
    cause: withoutSecrets(error.cause, redact),
  };
}

/** Whether a retry would fail in the same way: an unknown host, an untrusted certificate, another protocol. */
function isPermanent(reason: string): boolean {
  return (
    reason === "ENOTFOUND" ||
    reason === "EPROTO" ||
    reason === "UND_ERR_INVALID_ARG" ||
    isTlsError(reason) ||
    isHttpParserError(reason)
  );
}

export function isTlsError(reason: string): boolean {
  return /CERT|SIGNATURE|ERR_TLS|ERR_SSL/.test(reason);
}

export function isHttpParserError(reason: string): boolean {
  return reason.startsWith("HPE_") || reason === "HTTPParserError";
}

function withoutSecrets(cause: unknown, redact: Redact): Error {
  return new Error(redact(cause instanceof Error ? `${cause.name}: ${cause.message}` : "unknown"));
}

/** The error of a call whose last attempt failed like this. */
export function toPrefectError(
  request: AttemptedRequest,
  failure: AttemptFailure,
  call: { attempts: number; mayHaveHappened: boolean; hint: string },
): PrefectError {
  const fields = (failure.fields ?? []).map(({ path, reason }) => (path === "" ? reason : `${path}: ${reason}`));
  const details = [failure.detail, ...fields].filter((text) => text !== undefined && text !== "").join("; ");
  const reason = failure.reason === undefined ? "" : ` (${failure.reason})`;
  const summary = `${request.method} ${request.url}: ${failure.summary}${reason}`;
  const sentences = [
    details === "" ? `${summary}.` : `${summary}: ${details.replace(/\.$/, "")}.`,
    call.attempts > 1 ? `It was sent ${call.attempts} times.` : "",
    call.hint,
  ];
  return new PrefectError(sentences.filter((sentence) => sentence !== "").join(" "), {
    code: failure.code,
    method: request.method,
    url: request.url,
    status: failure.status,
    detail: failure.detail,
    fields: failure.fields,
    mayHaveHappened: call.mayHaveHappened,
    attempts: call.attempts,
    reason: failure.reason,
    retryAfterMs: failure.retryAfterMs,
    cause: failure.cause,
  });
}
