import { z } from "zod";
import { members } from "../../http/body.ts";
import { pageMembers, pageOf } from "../../http/page.ts";
import { route } from "../../http/route.ts";
import { view } from "../../http/views.ts";
import { countWorkPools, listWorkPools } from "../../store/queries/work-pools/work-pools.ts";
import { workPoolFilter } from "../filters.ts";
import { presentWorkPools, workPoolView } from "./view.ts";

export const filterWorkPoolsRoute = route({
  method: "POST",
  path: "/work_pools/filter",
  summary: "Read Work Pools",
  body: members({ work_pools: workPoolFilter.optional(), ...pageMembers }),
  answers: { 200: z.array(workPoolView) },
  async handle({ body, headers }, { store, config }) {
    const pools = await listWorkPools(store.db, body.work_pools ?? {}, pageOf(body, config));
    return { status: 200, body: await presentWorkPools(store.db, pools, headers) };
  },
});

export const countWorkPoolsRoute = route({
  method: "POST",
  path: "/work_pools/count",
  summary: "Count Work Pools",
  body: members({ work_pools: workPoolFilter.optional() }),
  answers: { 200: view.integer },
  async handle({ body }, { store }) {
    return { status: 200, body: await countWorkPools(store.db, body.work_pools ?? {}) };
  },
});
