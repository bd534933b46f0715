/** The reference server: a Prefect-compatible orchestration API for one machine. */

export type { ServerParts } from "./create-context.ts";
export { createServer } from "./create-server.ts";
export { type Clock, type ManualClock, manualClock, systemClock } from "./runtime/clock.ts";
export { countingIds, type Ids, randomIds } from "./runtime/ids.ts";
export type { Log } from "./runtime/log.ts";
export { defaultConfig, type ServerConfig } from "./runtime/server-config.ts";
export { type RunningServer, type StartOptions, startServer } from "./start-server.ts";
export { openStore } from "./store/database/open-store.ts";
export type { Store } from "./store/store.ts";
