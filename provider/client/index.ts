import type { PrefectApi } from "./api.ts";
import { Caller } from "./calls/caller.ts";
import type { Hooks } from "./calls/hooks.ts";
import { realTime, type Time } from "./calls/time.ts";
import { restApi } from "./rest-api.ts";
import type { ResolvedSettings } from "./settings/resolve-settings.ts";

/** The client of the Prefect API that the provider uses. */

export { apiObject } from "./answers.ts";
export type * from "./api.ts";
export type { Hooks } from "./calls/hooks.ts";
export { path } from "./calls/path.ts";
export type { Time } from "./calls/time.ts";
export * from "./errors/prefect-error.ts";
export { ConfigError } from "./settings/config-error.ts";
export { type Environment, processEnvironment } from "./settings/environment.ts";
export { type RawSettings, type ResolvedSettings, resolveSettings } from "./settings/resolve-settings.ts";

/** Makes a client. Sends nothing: connections are opened with the first call, which asks for the server's version once before.
 *
 *  ```ts
 *  const api = connect(resolveSettings({ apiUrl: "http://127.0.0.1:4200/api" }, processEnvironment()));
 *  const pool = await api.get(path`/work_pools/${"etl"}`, apiObject);
 *  await api.close();
 *  ```
 *  `time` is for tests. */
export function connect(settings: ResolvedSettings, hooks: Hooks = {}, time: Time = realTime): PrefectApi {
  return restApi(new Caller(settings, hooks, time));
}
