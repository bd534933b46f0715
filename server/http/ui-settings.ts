import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../runtime/server-config.ts";

/** Where Prefect's web pages and some tools look before they know where the API is: outside of `/api`, and without authentication. */
export const UI_SETTINGS_PATH = "/ui-settings";

export function serveUiSettings(app: FastifyInstance, config: ServerConfig): void {
  app.get(UI_SETTINGS_PATH, { exposeHeadRoute: false }, async (request, reply) =>
    reply.send({
      api_url: `${request.protocol}://${request.host}/api`,
      csrf_enabled: config.csrfProtection,
      auth: config.authString === undefined ? null : "BASIC",
      flags: [],
      default_ui: "v2",
      // There are no web pages here.
      available_uis: [],
      v1_base_url: "/",
      v2_base_url: "/v2",
    }),
  );
}
