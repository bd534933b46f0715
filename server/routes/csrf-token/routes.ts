import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { issueToken } from "../../domain/csrf.ts";
import { text } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

const csrfTokenView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    token: view.text,
    client: view.text,
    expiration: view.timestamp,
  })
  .meta({ id: "CsrfToken" });

export const csrfTokenRoutes = [
  route({
    method: "GET",
    path: "/csrf-token",
    summary: "Create Csrf Token",
    query: z.object({ client: text() }),
    responses: { 200: csrfTokenView },
    async handle({ query }, context) {
      // Clients compare this text to find out that they need no token.
      if (!context.config.csrfProtection) throw new ApiError("unprocessable", "CSRF protection is disabled.");
      return { status: 200, body: await issueToken(context, query.client) };
    },
  }),
];
