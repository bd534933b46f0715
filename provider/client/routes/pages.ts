import { z } from "zod";
import type { JsonObject } from "../../../schema/json.ts";
import type { Call } from "../api.ts";
import type { Caller } from "../calls/caller.ts";
import { PrefectError } from "../errors/prefect-error.ts";

/** The server's default and largest page; an installation may have set less. */
const PAGE = 200;

/** All items of a list route, page by page. Pages are no snapshot: an item that moved to a later page is taken once. A server
 *  whose pages are smaller refuses the first request (422); then its own size is taken. */
export async function allPages<T extends { id: string }>(
  caller: Caller,
  list: { path: string; body?: JsonObject; item: z.ZodType<T> },
  call: Call | undefined,
): Promise<T[]> {
  const answer = z.array(list.item);
  const page = async (offset: number, limit: number | undefined) => {
    const body = { ...list.body, offset, ...(limit === undefined ? {} : { limit }) };
    return (await caller.call({ kind: "read", method: "POST", path: list.path, body, answer }, call)).value;
  };
  const found = new Map<string, T>();
  let limit: number | undefined = PAGE;
  for (let offset = 0; ; ) {
    let items: T[];
    try {
      items = await page(offset, limit);
    } catch (error) {
      if (!(error instanceof PrefectError) || error.code !== "invalid" || limit === undefined) throw error;
      limit = undefined;
      continue;
    }
    for (const item of items) if (!found.has(item.id)) found.set(item.id, item);
    offset += items.length;
    if (items.length === 0 || (limit !== undefined && items.length < limit)) return [...found.values()];
  }
}
