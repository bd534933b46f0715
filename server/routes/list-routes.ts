import { z } from "zod";
import type { Context } from "../domain/context.ts";
import {
  pageMembers,
  pageNumberMembers,
  pageTotals,
  paginationView,
  readNumberedPage,
  readPage,
} from "../http/pagination.ts";
import { type Fields, memberGroups, members, type Shape } from "../http/request/body.ts";
import { view } from "../http/response/view-types.ts";
import { type Route, type RouteRequest, route } from "../http/route.ts";
import type { Page } from "../store/sql/page.ts";
import type { Db } from "../store/store.ts";

export interface ListOptions<F extends Shape, O extends Shape, Row, V extends z.ZodType, P extends z.ZodType = V> {
  /** Of the collection: `/flow_runs`. */
  path: string;
  /** The name in the summaries of the OpenAPI document: `Flow Runs`. */
  title: string;
  /** Members of the body that select rows. */
  filters: F;
  /** Members of the body that say how rows are shown: `sort`. */
  options: O;
  list(db: Db, filters: Fields<F>, options: Fields<O>, page: Page): Promise<readonly Row[]>;
  view: V;
  present(rows: readonly Row[], context: Context, request: ListRequest<O>): Views<V>;
  /** Without it, there is no `/count`. */
  count?: (db: Db, filters: Fields<F>) => Promise<number>;
  /** Without it, there is no `/paginate`. */
  paginate?: { view: P; present(rows: readonly Row[], context: Context): Views<P>; id?: string };
}

export interface ListRequest<O extends Shape> {
  options: Fields<O>;
  headers: RouteRequest<string, unknown, unknown>["headers"];
}

type Views<V extends z.ZodType> = z.input<V>[] | Promise<z.input<V>[]>;

/** The routes of a list: `/filter`, and `/count` and `/paginate` where the resource has them. */
export function listRoutes<F extends Shape, O extends Shape, Row, V extends z.ZodType, P extends z.ZodType>(
  list: ListOptions<F, O, Row, V, P>,
): Route[] {
  const { path, title, filters, options, count, paginate } = list;
  const routes = [
    route({
      method: "POST",
      path: `${path}/filter`,
      summary: `Read ${title}`,
      body: memberGroups({ filters, options, page: pageMembers }),
      responses: { 200: z.array(list.view) },
      async handle({ body, headers }, context) {
        const page = readPage(body.page, context.config);
        const rows = await list.list(context.store.db, body.filters, body.options, page);
        return { status: 200, body: await list.present(rows, context, { options: body.options, headers }) };
      },
    }),
  ];
  if (count === undefined) return routes;
  routes.push(
    route({
      method: "POST",
      path: `${path}/count`,
      summary: `Count ${title}`,
      body: members(filters),
      responses: { 200: view.integer },
      async handle({ body }, { store }) {
        return { status: 200, body: await count(store.db, body) };
      },
    }),
  );
  if (paginate === undefined) return routes;
  const pageView = paginationView(paginate.view);
  routes.push(
    route({
      method: "POST",
      path: `${path}/paginate`,
      summary: `Paginate ${title}`,
      body: memberGroups({ filters, options, page: pageNumberMembers }),
      responses: { 200: paginate.id === undefined ? pageView : pageView.meta({ id: paginate.id }) },
      async handle({ body }, context) {
        const page = readNumberedPage(body.page, context.config);
        const rows = await list.list(context.store.db, body.filters, body.options, page);
        const results = await paginate.present(rows, context);
        const total = await count(context.store.db, body.filters);
        return { status: 200, body: { results, ...pageTotals(total, page.limit, body.page.page) } };
      },
    }),
  );
  return routes;
}
