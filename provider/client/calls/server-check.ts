import { z } from "zod";
import { PrefectError } from "../errors/prefect-error.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import type { ApiRequest, ApiResponse, CallOptions } from "./api-request.ts";
import type { Hooks } from "./hooks.ts";
import { checkServerVersion, OLDEST_SUPPORTED_VERSION } from "./server-version.ts";

/** What the check needs of the caller. */
interface Caller {
  readonly settings: ResolvedSettings;
  readonly hooks: Hooks;
  readonly url: string;
  basePath: string;
  call<T>(request: ApiRequest<T>, options: CallOptions | undefined): Promise<ApiResponse<T>>;
}

/** Whether a supported Prefect API is at the configured URL. Checked once, before the first request. */
export class ServerCheck {
  readonly #caller: Caller;
  #version: Promise<string> | undefined;
  #probe: Promise<boolean> | undefined;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The server's version; `cloud`: Prefect Cloud, which has none; `unknown`: a gateway does not let the request pass. Throws:
   *  PrefectError, `unsupported` for a server that is too old. A failure is not kept: the next call checks again. */
  version(): Promise<string> {
    this.#version ??= this.#check().catch((error: unknown) => {
      this.#version = undefined;
      throw error;
    });
    return this.#version;
  }

  /** Whether the API is at the URL now: tells a missing object from a wrong URL. */
  isApi(): Promise<boolean> {
    this.#probe ??= this.#probeApi().finally(() => {
      this.#probe = undefined;
    });
    return this.#probe;
  }

  async #check(): Promise<string> {
    const { settings, hooks } = this.#caller;
    if (settings.api.cloud) return "cloud";
    const version = await this.#findVersion();
    const check = checkServerVersion(version);
    if (check.result === "too_old") throw this.#tooOld(version);
    if (check.result === "known_bug") hooks.warn?.(check.warning);
    if (check.result === "newer") hooks.debug?.(`The server is Prefect ${version}, newer than what was tested.`);
    if (check.result === "unknown") hooks.debug?.(`The server's version is "${version}".`);
    return version;
  }

  /** Where `/api` was appended to the URL's path and no API is there, the original path is tried. */
  async #findVersion(): Promise<string> {
    const { originalPath } = this.#caller.settings.api;
    const { basePath } = this.#caller;
    try {
      return await this.#readVersion();
    } catch (error) {
      if (!(error instanceof PrefectError) || error.code !== "unreadable") throw error;
      if (originalPath !== undefined && originalPath !== basePath) {
        this.#caller.basePath = originalPath;
        const version = await this.#readVersion().catch(undefinedIfNoApi);
        if (version !== undefined) return version;
        this.#caller.basePath = basePath;
      }
      throw error;
    }
  }

  async #readVersion(): Promise<string> {
    try {
      return (await this.#get("/admin/version", z.string())).value;
    } catch (error) {
      if (!(error instanceof PrefectError)) throw error;
      if (error.status !== 403 && error.status !== 404) throw error;
      // Some gateways block /admin.
      const health = await this.#get("/health", z.literal(true)).catch(undefinedIfNoApi);
      if (health === undefined) throw error;
      return "unknown";
    }
  }

  async #probeApi(): Promise<boolean> {
    const probe: Promise<unknown> = this.#caller.settings.api.cloud ? this.#countPools() : this.#readVersion();
    return (await probe.catch(undefinedIfNoApi)) !== undefined;
  }

  #countPools() {
    const request = { kind: "read", method: "POST", path: "/work_pools/count", body: {}, isProbe: true } as const;
    return this.#caller.call({ ...request, response: z.int() }, undefined);
  }

  #get<T>(path: string, response: z.ZodType<T>) {
    return this.#caller.call({ kind: "read", method: "GET", path, response, isProbe: true }, undefined);
  }

  #tooOld(version: string): PrefectError {
    const { url } = this.#caller;
    return new PrefectError(
      `The server at ${url} is Prefect ${version}; ${OLDEST_SUPPORTED_VERSION} or newer is needed. Update the server. Nothing was changed.`,
      { code: "unsupported", method: "GET", url: `${url}/admin/version`, detail: version, mayHaveHappened: false },
    );
  }
}

/** A refused or unreadable probe means that the API is not there. Other errors are rethrown: the probe got no response. */
function undefinedIfNoApi(error: unknown): undefined {
  if (!(error instanceof PrefectError)) throw error;
  if (["unreadable", "forbidden", "invalid", "redirected"].includes(error.code)) return undefined;
  throw error;
}
