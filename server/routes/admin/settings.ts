import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

/** The settings that this server has, where Prefect's own server shows them. Secrets are hidden. */
export const settingsRoute = route({
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
});
