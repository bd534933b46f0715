/** The reference server: a Prefect-compatible orchestration API for one machine. */
export { type Clock, type ManualClock, manualClock, systemClock } from "./clock.ts";
export { defaultConfig, type ServerConfig } from "./config.ts";
export type { ServerParts } from "./create-context.ts";
export { createServer } from "./create-server.ts";
export { countingIds, type Ids, randomIds } from "./ids.ts";
export type { Log } from "./log.ts";
export { type RunningServer, type StartOptions, startServer } from "./start-server.ts";
export { openStore } from "./store/database/open-store.ts";
export type { Store } from "./store/store.ts";
