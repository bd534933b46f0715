import { z } from "zod";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countWorkPools, listWorkPools } from "../../store/queries/work-pools/work-pools.ts";
import { workPoolFilter } from "../filters.ts";
import { presentWorkPools, workPoolView } from "./view.ts";

export const filterWorkPoolsRoute = route({
  method: "POST",
  path: "/work_pools/filter",
  summary: "Read Work Pools",
  body: members({ work_pools: workPoolFilter.optional(), ...pageMembers }),
  responses: { 200: z.array(workPoolView) },
  async handle({ body, headers }, { store, config }) {
    const pools = await listWorkPools(store.db, body.work_pools ?? {}, readPage(body, config));
    return { status: 200, body: await presentWorkPools(store.db, pools, headers) };
  },
});

export const countWorkPoolsRoute = route({
  method: "POST",
  path: "/work_pools/count",
  summary: "Count Work Pools",
  body: members({ work_pools: workPoolFilter.optional() }),
  responses: { 200: view.integer },
  async handle({ body }, { store }) {
    return { status: 200, body: await countWorkPools(store.db, body.work_pools ?? {}) };
  },
});
