import { z } from "zod";
import { pageMembers, readLimit, readPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { integer, oneOf } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countDeployments, listDeployments } from "../../store/queries/deployments.ts";
import { relatedFilters } from "../filters.ts";
import { deploymentView, presentDeployments } from "./view.ts";

const sort = oneOf("CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC").default("NAME_ASC");

export const deploymentListRoutes = [
  route({
    method: "POST",
    path: "/deployments/filter",
    summary: "Read Deployments",
    body: members({ ...relatedFilters, sort, ...pageMembers }),
    responses: { 200: z.array(deploymentView) },
    async handle({ body }, { store, config, clock }) {
      const rows = await listDeployments(store.db, body, body.sort, readPage(body, config));
      return { status: 200, body: await presentDeployments(store.db, rows, clock.now()) };
    },
  }),
  route({
    method: "POST",
    path: "/deployments/count",
    summary: "Count Deployments",
    body: members(relatedFilters),
    responses: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countDeployments(store.db, body) };
    },
  }),
  route({
    method: "POST",
    path: "/deployments/paginate",
    summary: "Paginate Deployments",
    body: members({ ...relatedFilters, sort, page: integer({ ge: 1 }).default(1), limit: integer().optional() }),
    responses: {
      200: z
        .strictObject({
          results: z.array(deploymentView),
          count: view.integer,
          limit: view.integer,
          pages: view.integer,
          page: view.integer,
        })
        .meta({ id: "DeploymentPaginationResponse" }),
    },
    async handle({ body }, { store, config, clock }) {
      const limit = readLimit(body.limit, config);
      const rows = await listDeployments(store.db, body, body.sort, { limit, offset: (body.page - 1) * limit });
      const count = await countDeployments(store.db, body);
      const results = await presentDeployments(store.db, rows, clock.now());
      const pages = limit > 0 ? Math.ceil(count / limit) : 0;
      return { status: 200, body: { results, count, limit, pages, page: body.page } };
    },
  }),
];
