import type { z } from "zod";
import type { JsonObject } from "../../schema/json.ts";
import type { CallOptions } from "./calls/api-request.ts";

export type { CallOptions };

/** The REST API as the provider uses it, in the API's own names. What an answer must hold is the caller's to say: `answer` and `item`
 *  are zod types, and an answer that does not fit is a PrefectError `unreadable`. Every method may throw a PrefectError (errors/prefect-error.ts).
 *  Retries, limits, authentication, CSRF and timeouts are inside.
 *
 *  Paths start behind the API's base (`/work_pools/`); names in them are escaped by `path`. */
export interface PrefectApi {
  /** The API's resolved URL without user and password, for messages. */
  readonly url: string;
  /** Reads one object. `undefined`: a definite 404. */
  get<T>(path: string, answer: z.ZodType<T>, call?: CallOptions): Promise<T | undefined>;
  /** Everything that a filter route finds, page after page, each object once. `undefined`: what the path itself names is not there. */
  list<T extends Identified>(
    path: string,
    filter: JsonObject,
    item: z.ZodType<T>,
    call?: CallOptions,
  ): Promise<T[] | undefined>;
  /** The first page of a filter route, in the server's page size. */
  page<T>(path: string, filter: JsonObject, item: z.ZodType<T>, call?: CallOptions): Promise<T[]>;
  /** A POST that makes an object. It is not repeated when its outcome is in doubt (`mayHaveHappened` of the error). `existed`: the
   *  route is an upsert, and updated an object that was there. */
  create<T>(
    path: string,
    body: JsonObject,
    answer: z.ZodType<T>,
    call?: CallOptions,
  ): Promise<{ value: T; existed: boolean }>;
  /** A POST that updates an object or makes it. Sent twice it has the same effect, so it is repeated like an update. `existed` as in
   *  `create`. */
  upsert<T>(
    path: string,
    body: JsonObject,
    answer: z.ZodType<T>,
    call?: CallOptions,
  ): Promise<{ value: T; existed: boolean }>;
  /** A PATCH. */
  update(path: string, patch: JsonObject, call?: CallOptions): Promise<void>;
  /** A DELETE. Returns whether there was something to delete. */
  remove(path: string, call?: CallOptions): Promise<boolean>;
  /** The server's clock minus the local one in ms, by the Date header of its latest response (1 s resolution); `undefined` before any. */
  clockOffsetMs(): number | undefined;
  /** The server's version, requested once. Throws: PrefectError `unsupported` for a server older than the oldest supported. */
  version(call?: CallOptions): Promise<string>;
  /** Drops connections and timers. */
  close(): Promise<void>;
}

/** What tells one object from another: its UUID. */
export interface Identified {
  readonly id: string;
}
