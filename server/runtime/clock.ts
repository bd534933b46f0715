import { addSeconds, fromEpochMicroseconds, type Timestamp } from "../values/timestamp.ts";

/** What time it is. Everything below `main` gets the time from here, so that tests can set it. */
export interface Clock {
  now(): Timestamp;
}

/** The machine's clock, with microseconds as Prefect's clients expect them. */
export function systemClock(): Clock {
  return {
    now: () => fromEpochMicroseconds(Math.round((performance.timeOrigin + performance.now()) * 1000)),
  };
}

/** A clock that only moves when told to. */
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
