import type { FailedTry, RequestKind } from "../errors/attempt-failure.ts";

export interface RetryState {
  /** Tries so far, this one included. */
  tries: number;
  /** Time left for the operation. */
  leftMs: number;
  /** From 0 to below 1. */
  chance: number;
}

/** Tries of a request that never left, or whose failure looks permanent. */
const FEW_TRIES = 4;
const LONGEST_WAIT_MS = 4_000;
/** A server that asks for more is taken at its word no further than this. */
const LONGEST_ASKED_MS = 30_000;

/** Whether to try again, and after how many milliseconds; `undefined`: no. The only place that decides it. */
export function retryWait(kind: RequestKind, failed: FailedTry, state: RetryState): number | undefined {
  if (!worthTrying(kind, failed, state.tries)) return undefined;
  const growing = (50 + 200 * state.chance) * 2 ** Math.min(state.tries - 1, 10);
  const own = Math.min(growing, LONGEST_WAIT_MS);
  const wait = failed.retryAfterMs === undefined ? own : Math.max(own, Math.min(failed.retryAfterMs, LONGEST_ASKED_MS));
  return wait < state.leftMs ? wait : undefined;
}

function worthTrying(kind: RequestKind, failed: FailedTry, tries: number): boolean {
  switch (failed.code) {
    case "rate_limited":
      return true;
    case "unavailable":
      // 408 and 503 refuse without carrying out; behind 502 and 504 something may have happened.
      return failed.status === 408 || failed.status === 503 || (kind !== "create" && tries < FEW_TRIES);
    case "server_fault":
      return kind !== "create" && failed.status === 500 && tries < FEW_TRIES - 1;
    case "network":
      if (failed.permanent === true || tries >= FEW_TRIES) return false;
      return failed.left !== true || kind !== "create";
    default:
      return false;
  }
}
