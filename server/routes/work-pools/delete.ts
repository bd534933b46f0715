import { removeWorkPool } from "../../domain/work-pools/work-pools.ts";
import { route } from "../../http/route.ts";

export const deleteWorkPoolRoute = route({
  method: "DELETE",
  path: "/work_pools/{name}",
  summary: "Delete Work Pool",
  responses: { 204: null },
  async handle({ params }, context) {
    await removeWorkPool(context, params.name);
    return { status: 204 };
  },
});
