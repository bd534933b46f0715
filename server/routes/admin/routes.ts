import { z } from "zod";
import { clearResultStorage, resultStorage, setResultStorage } from "../../domain/blocks/result-storage.ts";
import { model } from "../../http/request/body.ts";
import { uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

const storageView = z
  .strictObject({ default_result_storage_block_id: view.uuid.nullable() })
  .meta({ id: "ServerDefaultResultStorage" });

export const adminRoutes = [
  /** Clients compare this with their own version: an older server makes them warn, another major version makes them stop. */
  route({
    method: "GET",
    path: "/admin/version",
    summary: "Read Version",
    responses: { 200: view.text },
    handle: (_, { config }) => ({ status: 200, body: config.prefectVersion }),
  }),
  /** The settings that this server has, where Prefect's own server shows them. Secrets are hidden. */
  route({
    method: "GET",
    path: "/admin/settings",
    summary: "Read Settings",
    responses: { 200: view.document },
    handle: (_, { config }) => ({
      status: 200,
      body: {
        server: {
          api: {
            auth_string: config.authString === undefined ? null : "********",
            csrf_protection_enabled: config.csrfProtection,
            csrf_token_expiration: config.csrfTokenLifetimeSeconds,
            default_limit: config.pageLimit,
          },
          events: { retention_period: config.eventRetentionSeconds },
        },
      },
    }),
  }),
  /** The block that stores results of flows which name none themselves. */
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
