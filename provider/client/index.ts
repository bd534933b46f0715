import type { PrefectApi } from "./api.ts";
import { Caller } from "./calls/caller.ts";
import type { Hooks } from "./calls/hooks.ts";
import { realTime, type Time } from "./calls/time.ts";
import { deployments } from "./routes/deployments.ts";
import { globalLimits } from "./routes/global-limits.ts";
import { tagLimits } from "./routes/tag-limits.ts";
import { workPools } from "./routes/work-pools.ts";
import { workQueues } from "./routes/work-queues.ts";
import type { ResolvedSettings } from "./settings/resolve-settings.ts";

/** The client of the Prefect API that the provider uses. */

export type * from "./api.ts";
export type { Hooks } from "./calls/hooks.ts";
export type { Time } from "./calls/time.ts";
export * from "./errors/prefect-error.ts";
export { ConfigError } from "./settings/config-error.ts";
export { type Environment, thisMachine } from "./settings/environment.ts";
export { type GivenSettings, type ResolvedSettings, resolveSettings } from "./settings/resolve-settings.ts";

/** Makes a client. Sends nothing: connections are opened with the first call, which asks for the server's version once before.
 *
 *  ```ts
 *  const api = connect(resolveSettings({ apiUrl: "http://127.0.0.1:4200/api" }, thisMachine()));
 *  const pool = await api.workPools.read("etl");
 *  await api.close();
 *  ```
 *  `time` is for tests. */
export function connect(settings: ResolvedSettings, hooks: Hooks = {}, time: Time = realTime): PrefectApi {
  const caller = new Caller(settings, hooks, time);
  return {
    get url() {
      return caller.url;
    },
    workPools: workPools(caller),
    workQueues: workQueues(caller),
    globalLimits: globalLimits(caller),
    tagLimits: tagLimits(caller),
    deployments: deployments(caller),
    clockOffsetMs: () => caller.clockOffsetMs,
    version: (call) => caller.version(call),
    close: () => caller.close(),
  };
}
