import { z } from "zod";
import { clearResultStorage, resultStorage, setResultStorage } from "../../domain/blocks/result-storage.ts";
import { model } from "../../http/request/body.ts";
import { uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

const storageView = z
  .strictObject({ default_result_storage_block_id: view.uuid.nullable() })
  .meta({ id: "ServerDefaultResultStorage" });

/** Where results of flows go that don't say so themselves. */
export const storageRoutes = [
  route({
    method: "GET",
    path: "/admin/storage",
    summary: "Read Server Default Result Storage",
    responses: { 200: storageView },
    async handle(_, { store }) {
      return { status: 200, body: { default_result_storage_block_id: await resultStorage(store.db) } };
    },
  }),
  route({
    method: "PUT",
    path: "/admin/storage",
    summary: "Update Server Default Result Storage",
    body: model({ default_result_storage_block_id: uuid() }),
    responses: { 200: storageView },
    async handle({ body }, context) {
      await setResultStorage(context, body.default_result_storage_block_id);
      return { status: 200, body };
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/storage",
    summary: "Clear Server Default Result Storage",
    responses: { 204: null },
    async handle(_, context) {
      await clearResultStorage(context);
      return { status: 204 };
    },
  }),
];
