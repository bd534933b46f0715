import { findWorkPool } from "../../domain/work-pools/work-pools.ts";
import { route } from "../../http/route.ts";
import { presentWorkPool, workPoolView } from "./view.ts";

export const readWorkPoolRoute = route({
  method: "GET",
  path: "/work_pools/{name}",
  summary: "Read Work Pool",
  responses: { 200: workPoolView },
  async handle({ params, headers }, { store }) {
    return { status: 200, body: await presentWorkPool(store.db, await findWorkPool(store.db, params.name), headers) };
  },
});
