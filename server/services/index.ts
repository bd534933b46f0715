import { cancellation } from "./cancellation.ts";
import { eventRetention } from "./event-retention.ts";
import { foreman } from "./foreman.ts";
import { lateRuns } from "./late-runs.ts";
import { leaseReaper } from "./lease-reaper.ts";
import { pausedRuns } from "./paused-runs.ts";
import { scheduler } from "./scheduler.ts";
import type { Service } from "./service.ts";

/** The server's background services. */
export const services: readonly Service[] = [
  foreman,
  leaseReaper,
  scheduler,
  lateRuns,
  cancellation,
  pausedRuns,
  eventRetention,
];
