import { z } from "zod";
import { ApiError } from "../domain/api-error.ts";
import type { ServerConfig } from "../runtime/server-config.ts";
import type { Page } from "../store/sql/page.ts";
import { integer } from "./request/request-types.ts";
import { view } from "./response/view-types.ts";

/** The members `limit` and `offset` of list requests. */
export const pageMembers = {
  limit: integer().optional(),
  offset: integer({ ge: 0 }).default(0),
};

/** The page of a list request. A limit out of bounds is refused in upstream's words (prefect/server/api/dependencies.py). */
export function readPage(body: { limit?: number | undefined; offset: number }, config: ServerConfig): Page {
  return { limit: readLimit(body.limit, config), offset: body.offset };
}

export function readLimit(limit: number | undefined, { pageLimit }: ServerConfig): number {
  if (limit === undefined) return pageLimit;
  if (limit < 0) throw new ApiError("unprocessable", "Invalid limit: must be greater than or equal to 0.");
  if (limit > pageLimit)
    throw new ApiError("unprocessable", `Invalid limit: must be less than or equal to ${pageLimit}.`);
  return limit;
}

/** The members `page` and `limit` of paginate requests. */
export const pageNumberMembers = {
  page: integer({ ge: 1 }).default(1),
  limit: integer().optional(),
};

/** The page of a paginate request. */
export function readNumberedPage(body: { limit?: number | undefined; page: number }, config: ServerConfig): Page {
  const limit = readLimit(body.limit, config);
  return { limit, offset: (body.page - 1) * limit };
}

/** What a paginate response says besides its rows. */
export const pageTotalsView = { count: view.integer, limit: view.integer, pages: view.integer, page: view.integer };

export function paginationView<T extends z.ZodType>(item: T) {
  return z.strictObject({ results: z.array(item), ...pageTotalsView });
}

export function pageTotals(count: number, limit: number, page: number) {
  return { count, limit, pages: limit > 0 ? Math.ceil(count / limit) : 0, page };
}
