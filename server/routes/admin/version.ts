import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

/** Clients compare this with their own version: an older server makes them warn, another major version makes them stop. */
export const adminRoutes = [
  route({
    method: "GET",
    path: "/admin/version",
    summary: "Read Version",
    responses: { 200: view.text },
    handle: (_, { config }) => ({ status: 200, body: config.prefectVersion }),
  }),
];
