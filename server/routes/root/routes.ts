import { z } from "zod";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { API_VERSION } from "../../runtime/server-config.ts";

const message = z.strictObject({ message: view.text });

export const rootRoutes = [
  route({
    method: "GET",
    path: "/health",
    summary: "Health Check",
    exempt: true,
    anyVersion: true,
    responses: { 200: view.flag },
    handle: () => ({ status: 200, body: true }),
  }),
  route({
    method: "GET",
    path: "/ready",
    summary: "Perform Readiness Check",
    exempt: true,
    responses: { 200: message, 503: message },
    async handle(_, { store }) {
      return (await store.ping())
        ? { status: 200, body: { message: "OK" } }
        : { status: 503, body: { message: "Database is not available" } };
    },
  }),
  route({
    method: "GET",
    path: "/version",
    summary: "Server Version",
    anyVersion: true,
    responses: { 200: view.text },
    handle: () => ({ status: 200, body: API_VERSION }),
  }),
  route({
    method: "GET",
    path: "/hello",
    summary: "Hello",
    responses: { 200: view.text },
    handle: () => ({ status: 200, body: "👋" }),
  }),
];
