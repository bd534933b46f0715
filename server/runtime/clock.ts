import { addSeconds, fromEpochMicroseconds, type Timestamp } from "../values/timestamp.ts";

/** The current time. The whole server reads it from here, so that tests can set it. */
export interface Clock {
  now(): Timestamp;
}

/** The machine's clock, in microseconds, as Prefect's clients expect. */
export function systemClock(): Clock {
  return {
    now: () => fromEpochMicroseconds(Math.round((performance.timeOrigin + performance.now()) * 1000)),
  };
}

/** A clock that moves only by `advance`. */
export interface ManualClock extends Clock {
  advance(seconds: number): void;
}

export function manualClock(start: Timestamp): ManualClock {
  let current = start;
  return {
    now: () => current,
    advance: (seconds) => {
      current = addSeconds(current, seconds);
    },
  };
}
