import type { ServerConfig } from "../../runtime/server-config.ts";

/** Where Prefect's web pages and some tools look before they know where the API is: outside of it, and open to everybody. There are no
 *  web pages here. */
export const UI_SETTINGS_PATH = "/ui-settings";

export function uiSettings(origin: string, config: ServerConfig): object {
  return {
    api_url: `${origin}/api`,
    csrf_enabled: config.csrfProtection,
    auth: config.authString === undefined ? null : "BASIC",
    flags: [],
    default_ui: "v2",
    available_uis: [],
    v1_base_url: "/",
    v2_base_url: "/v2",
  };
}
