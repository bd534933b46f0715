import { z } from "zod";
import type { JsonObject } from "../../schema/json.ts";
import { nothing } from "./answers.ts";
import type { CallOptions, Identified, PrefectApi } from "./api.ts";
import type { Caller } from "./calls/caller.ts";
import { PrefectError } from "./errors/prefect-error.ts";

/** The server's default and largest page; an installation may have set less. */
const PAGE_SIZE = 200;

/** The REST verbs, each one request (`list`: one a page). */
export function restApi(caller: Caller): PrefectApi {
  async function page<T>(path: string, body: JsonObject, item: z.ZodType<T>, call?: CallOptions): Promise<T[]> {
    return (await caller.call({ kind: "read", method: "POST", path, body, response: z.array(item) }, call)).value;
  }

  return {
    get url() {
      return caller.url;
    },

    page,

    get: (path, answer, call) =>
      orAbsent(async () => (await caller.call({ kind: "read", method: "GET", path, response: answer }, call)).value),

    list: (path, filter, item, call) =>
      orAbsent(() => allPages((offset, limit) => page(path, { ...filter, offset, ...limit }, item, call))),

    async create(path, body, answer, call) {
      const { value, status } = await caller.call(
        { kind: "create", method: "POST", path, body, response: answer },
        call,
      );
      return { value, existed: status === 200 };
    },

    async upsert(path, body, answer, call) {
      const { value, status } = await caller.call(
        { kind: "change", method: "POST", path, body, response: answer },
        call,
      );
      return { value, existed: status === 200 };
    },

    async update(path, body, call) {
      await caller.call({ kind: "change", method: "PATCH", path, body, response: nothing }, call);
    },

    async remove(path, call) {
      try {
        await caller.call({ kind: "change", method: "DELETE", path, response: nothing }, call);
        return true;
      } catch (error) {
        // A 404 after an attempt whose answer was lost: that attempt deleted it.
        if (error instanceof PrefectError && error.code === "not_found") return error.mayHaveHappened;
        throw error;
      }
    },

    clockOffsetMs: () => caller.clockOffsetMs,
    version: (call) => caller.version(call),
    close: () => caller.close(),
  };
}

/** The answer, or `undefined` for a definite 404. */
async function orAbsent<T>(answer: () => Promise<T>): Promise<T | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof PrefectError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Pages are no snapshot: an object that moved to a later page counts once. A server whose pages are smaller refuses the first
 *  request (422); then its own page size is taken. */
async function allPages<T extends Identified>(
  page: (offset: number, limit: { limit?: number }) => Promise<T[]>,
): Promise<T[]> {
  const found = new Map<string, T>();
  let size: number | undefined = PAGE_SIZE;
  for (let offset = 0; ; ) {
    let items: T[];
    try {
      items = await page(offset, size === undefined ? {} : { limit: size });
    } catch (error) {
      if (!(error instanceof PrefectError) || error.code !== "invalid" || size === undefined) throw error;
      size = undefined;
      continue;
    }
    for (const item of items) if (!found.has(item.id)) found.set(item.id, item);
    offset += items.length;
    if (items.length === 0 || (size !== undefined && items.length < size)) return [...found.values()];
  }
}
