import type { AttemptFailure, RequestKind } from "../errors/attempt-failure.ts";

/** The part of a failure that decides about a retry. */
export type RetryCriteria = Pick<AttemptFailure, "code" | "status" | "wasSent" | "isPermanent" | "retryAfterMs">;

export interface RetryState {
  /** Attempts so far, the failed one included. */
  attempts: number;
  /** Time left for the call. */
  remainingMs: number;
  /** From 0 to below 1, for the jitter. */
  random: number;
}

/** Most attempts of a request that was not sent, or whose failure is likely to be permanent. */
const MAX_ATTEMPTS = 4;
const MAX_DELAY_MS = 4_000;
/** A longer Retry-After of the server is cut to this. */
const MAX_RETRY_AFTER_MS = 30_000;

/** Exponential backoff with jitter: the delay before the next attempt in milliseconds; `undefined`: no retry. The only place that
 *  decides about retries. */
export function retryDelay(kind: RequestKind, failure: RetryCriteria, state: RetryState): number | undefined {
  if (!isRetryable(kind, failure, state.attempts)) return undefined;
  const exponential = (50 + 200 * state.random) * 2 ** Math.min(state.attempts - 1, 10);
  const backoff = Math.min(exponential, MAX_DELAY_MS);
  const retryAfter = Math.min(failure.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  const delay = Math.max(backoff, retryAfter);
  return delay < state.remainingMs ? delay : undefined;
}

function isRetryable(kind: RequestKind, failure: RetryCriteria, attempts: number): boolean {
  switch (failure.code) {
    case "rate_limited":
      return true;
    case "unavailable":
      // 408 and 503 mean that the request was not carried out; behind 502 and 504 it may have been.
      return failure.status === 408 || failure.status === 503 || (kind !== "create" && attempts < MAX_ATTEMPTS);
    case "server_fault":
      return kind !== "create" && failure.status === 500 && attempts < MAX_ATTEMPTS - 1;
    case "network":
      if (failure.isPermanent === true || attempts >= MAX_ATTEMPTS) return false;
      return failure.wasSent !== true || kind !== "create";
    case "unreadable":
      // A truncated body or a proxy's page, once; twice it is the server's answer.
      return kind === "read" && failure.status === 200 && attempts === 1;
    default:
      return false;
  }
}
