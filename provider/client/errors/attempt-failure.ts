import type { JsonObject } from "../../../schema/json.ts";
import type { ExchangeFailure, Received } from "../transport/http-transport.ts";
import { readRefusal, type Said } from "./error-body.ts";
import { PrefectError, type PrefectErrorCode, type RefusedField } from "./prefect-error.ts";
import { type Redact, shortened } from "./redact.ts";

const LONGEST_READ = 100_000;
const LONGEST_SHOWN = 1_000;
const MOST_FIELDS = 20;

/** What a request does when it is sent twice. `read`: nothing. `change`: the same again (PATCH, DELETE). `create`: perhaps a second
 *  object, so whoever asked has to look first (design 3.3). */
export type RequestKind = "read" | "change" | "create";

/** One failed try, as far as it matters for the next one. */
export interface FailedTry {
  code: PrefectErrorCode;
  status?: number | undefined;
  /** The request may have reached the server's code and may have been carried out. */
  mayHaveHappened: boolean;
  /** For `network`: the request had begun to leave. */
  left?: boolean | undefined;
  /** For `network`: trying again cannot help (an untrusted certificate). */
  permanent?: boolean | undefined;
  retryAfterMs?: number | undefined;
}

/** What a fault is told about: one request, with the whole URL for messages. */
export interface Asked {
  kind: RequestKind;
  method: string;
  url: string;
  body?: JsonObject | undefined;
}

/** Why one try did not succeed. Texts are redacted. */
export interface Fault extends FailedTry {
  /** What happened, as a clause: "the server refused the request (422)". */
  what: string;
  /** What the server said. */
  detail?: string | undefined;
  fields?: RefusedField[] | undefined;
  reason?: string | undefined;
  /** The router's own 404: no such object, or no such path at all. */
  bare?: boolean | undefined;
  /** The answer was a page, or something else that no Prefect API says. */
  foreign?: boolean | undefined;
  redirectedTo?: string | undefined;
  cause?: unknown;
}

/** A refusal: any status but 2xx. */
export function refusalFault(asked: Asked, received: Received, redact: Redact): Fault {
  const { status } = received;
  if (status >= 300 && status < 400) return redirectFault(asked, received, redact);
  const said = cleaned(readRefusal(received.text), asked, redact);
  const foreign = said.by !== "api";
  const code = codeOf(status, said);
  return {
    code,
    status,
    what:
      code === "unreadable" ? `the answer (${status}) is not a Prefect API's` : `the server ${verb(code)} (${status})`,
    detail: said.text === "" ? undefined : said.text,
    fields: said.by === "api" ? said.fields : undefined,
    bare: said.by === "api" && said.bare && status === 404,
    foreign,
    // A gateway in front may say 503 for a connection that broke after the request had passed.
    mayHaveHappened: asked.kind !== "read" && status >= 500,
    retryAfterMs: retryAfterMs(received),
  };
}

function cleaned(said: Said, asked: Asked, redact: Redact): Said {
  const clean = (text: string) => presentable(text, asked, redact);
  if (said.by !== "api") return { ...said, text: clean(said.text) };
  return {
    ...said,
    text: clean(said.text),
    fields: said.fields.slice(0, MOST_FIELDS).map(({ path, reason }) => ({ path, reason: clean(reason) })),
  };
}

/** Redacted first and shortened then: half a secret would not be found. */
function presentable(text: string, asked: Asked, redact: Redact): string {
  return shortened(redact(text.slice(0, LONGEST_READ), asked), LONGEST_SHOWN);
}

function codeOf(status: number, said: Said): PrefectErrorCode {
  switch (status) {
    case 401:
    case 407:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
    case 410:
      return said.by === "api" ? "not_found" : "unreadable";
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
      return "wants other credentials";
    case "forbidden":
      return "forbids it";
    case "not_found":
      return "says that it does not exist";
    case "conflict":
      return "refused it as a conflict";
    case "rate_limited":
      return "has had too many requests";
    case "unavailable":
      return "is not available";
    case "server_fault":
      return "failed inside";
    default:
      return "refused it as invalid";
  }
}

/** Source: RFC 9110 10.2.3; Prefect sends seconds with a fraction. */
function retryAfterMs({ headers }: Received): number | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const [until, now] = [Date.parse(text), Date.parse(headers.date ?? "")];
  return Number.isNaN(until) || Number.isNaN(now) ? undefined : Math.max(0, until - now);
}

function redirectFault(asked: Asked, { status, headers }: Received, redact: Redact): Fault {
  const target = URL.parse(headers.location ?? "", asked.url);
  const to = target === null ? "nowhere" : redact(`${target.origin}${target.pathname}`);
  return {
    code: "redirected",
    status,
    what: `the server redirected it (${status}) to ${to}, which was not followed`,
    mayHaveHappened: asked.kind !== "read" && status === 303,
    redirectedTo: target === null ? undefined : target.href,
  };
}

/** A success that cannot be read: it is kept in outline, without values, for any of them may be somebody's secret. */
export function unreadableFault(asked: Asked, status: number, problem: string, shown: string, redact: Redact): Fault {
  return {
    code: "unreadable",
    status,
    what: `the answer (${status}) cannot be read: ${problem}`,
    detail: presentable(shown, asked, redact),
    mayHaveHappened: asked.kind !== "read",
  };
}

/** No complete answer. */
export function networkFault(asked: Asked, failure: ExchangeFailure, redact: Redact): Fault {
  const { left, reason } = failure;
  return {
    code: "network",
    what: left ? "the connection broke before the answer was complete" : "there is no connection to the server",
    reason,
    left,
    permanent: isPermanent(reason),
    mayHaveHappened: left && asked.kind !== "read",
    cause: withoutSecrets(failure.cause, redact),
  };
}

/** Whether trying again meets the same: an unknown host, a certificate, another protocol. */
function isPermanent(reason: string): boolean {
  return (
    reason === "ENOTFOUND" ||
    reason === "EPROTO" ||
    reason === "UND_ERR_INVALID_ARG" ||
    isTls(reason) ||
    isNotHttp(reason)
  );
}

export function isTls(reason: string): boolean {
  return /CERT|SIGNATURE|ERR_TLS|ERR_SSL/.test(reason);
}

export function isNotHttp(reason: string): boolean {
  return reason.startsWith("HPE_") || reason === "HTTPParserError";
}

function withoutSecrets(cause: unknown, redact: Redact): Error {
  return new Error(redact(cause instanceof Error ? `${cause.name}: ${cause.message}` : "unknown"));
}

/** The error that ends an operation. */
export function errorOf(
  asked: Asked,
  fault: Fault,
  told: { tries: number; mayHaveHappened: boolean; advice: string },
): PrefectError {
  const fields = (fault.fields ?? []).map(({ path, reason }) => (path === "" ? reason : `${path}: ${reason}`));
  const said = [fault.detail, ...fields].filter((text) => text !== undefined && text !== "").join("; ");
  const reason = fault.reason === undefined ? "" : ` (${fault.reason})`;
  const tries = told.tries > 1 ? ` It was sent ${told.tries} times.` : "";
  const sentence = `${asked.method} ${asked.url}: ${fault.what}${reason}${said === "" ? "" : `: ${said.replace(/\.$/, "")}`}.`;
  return new PrefectError(`${sentence}${tries}${told.advice === "" ? "" : ` ${told.advice}`}`, {
    code: fault.code,
    method: asked.method,
    url: asked.url,
    status: fault.status,
    detail: fault.detail,
    fields: fault.fields,
    mayHaveHappened: told.mayHaveHappened,
    attempts: told.tries,
    reason: fault.reason,
    retryAfterMs: fault.retryAfterMs,
    cause: fault.cause,
  });
}
