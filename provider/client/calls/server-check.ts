import { z } from "zod";
import { PrefectError } from "../errors/prefect-error.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import type { ApiAnswer, ApiRequest, Call } from "./api-request.ts";
import type { Hooks } from "./hooks.ts";
import { judgeVersion, OLDEST_SUPPORTED } from "./server-version.ts";

/** What the check needs of the caller. */
interface Caller {
  readonly settings: ResolvedSettings;
  readonly hooks: Hooks;
  readonly url: string;
  base: string;
  call<T>(request: ApiRequest<T>, call: Call | undefined): Promise<ApiAnswer<T>>;
}

/** Whether a supported Prefect API answers at the configured address. Asked once, before the first request. */
export class ServerCheck {
  readonly #caller: Caller;
  #version: Promise<string> | undefined;
  #answers: Promise<boolean> | undefined;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The server's version; `cloud` on Prefect Cloud, which has none, and `unknown` where it may not be asked. Throws: PrefectError,
   *  `unsupported` for a server that is too old. A failure is not kept: the next call asks again. */
  ready(): Promise<string> {
    this.#version ??= this.#find().catch((error: unknown) => {
      this.#version = undefined;
      throw error;
    });
    return this.#version;
  }

  /** Whether the API itself is at the address, now: what tells a missing object from a wrong address. */
  answers(): Promise<boolean> {
    this.#answers ??= this.#probe().finally(() => {
      this.#answers = undefined;
    });
    return this.#answers;
  }

  async #find(): Promise<string> {
    const { settings, hooks } = this.#caller;
    if (settings.api.cloud) return "cloud";
    const version = await this.#findAt();
    const judged = judgeVersion(version);
    if (judged.verdict === "too_old") throw this.#tooOld(version);
    if (judged.verdict === "bad") hooks.warn?.(judged.warning);
    if (judged.verdict === "newer") hooks.debug?.(`The server is Prefect ${version}, newer than what was tested.`);
    if (judged.verdict === "unknown") hooks.debug?.(`The server's version is "${version}".`);
    return version;
  }

  /** Asks at the likely address, and then, where `/api` was added to a path, at the address as it was given. */
  async #findAt(): Promise<string> {
    const { originalPath } = this.#caller.settings.api;
    const likely = this.#caller.base;
    try {
      return await this.#ask();
    } catch (error) {
      if (!(error instanceof PrefectError) || error.code !== "unreadable") throw error;
      if (originalPath !== undefined && originalPath !== likely) {
        this.#caller.base = originalPath;
        const version = await this.#ask().catch(asUndefined);
        if (version !== undefined) return version;
        this.#caller.base = likely;
      }
      throw error;
    }
  }

  async #ask(): Promise<string> {
    try {
      return (await this.#get("/admin/version", z.string())).value;
    } catch (error) {
      if (!(error instanceof PrefectError)) throw error;
      if (error.status !== 403 && error.status !== 404) throw error;
      // Some gateways keep /admin to themselves.
      const healthy = await this.#get("/health", z.literal(true)).catch(asUndefined);
      if (healthy === undefined) throw error;
      return "unknown";
    }
  }

  async #probe(): Promise<boolean> {
    const cloud = {
      kind: "read",
      method: "POST",
      path: "/work_pools/count",
      body: {},
      answer: z.int(),
      plain: true,
    } as const;
    const asked: Promise<unknown> = this.#caller.settings.api.cloud ? this.#caller.call(cloud, undefined) : this.#ask();
    return (await asked.catch(asUndefined)) !== undefined;
  }

  #get<T>(path: string, answer: z.ZodType<T>) {
    return this.#caller.call({ kind: "read", method: "GET", path, answer, plain: true }, undefined);
  }

  #tooOld(version: string): PrefectError {
    const { url } = this.#caller;
    return new PrefectError(
      `The server at ${url} is Prefect ${version}; ${OLDEST_SUPPORTED} or newer is needed. Update the server. Nothing was changed.`,
      { code: "unsupported", method: "GET", url: `${url}/admin/version`, detail: version, mayHaveHappened: false },
    );
  }
}

/** A refusal or an unreadable answer says no; that nothing could be asked is still an error. */
function asUndefined(error: unknown): undefined {
  if (!(error instanceof PrefectError)) throw error;
  if (["unreadable", "forbidden", "invalid", "redirected"].includes(error.code)) return undefined;
  throw error;
}
