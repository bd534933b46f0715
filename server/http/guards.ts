import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ApiError } from "../domain/api-error.ts";
import type { Context } from "../domain/context.ts";
import { csrfCheck } from "../domain/csrf.ts";
import { API_PREFIX, type Route } from "./route.ts";
import { UI_SETTINGS_PATH } from "./ui-settings.ts";

const UNSAFE_METHODS = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Checks every request before its route: the CSRF token first, then the auth string, in the order of upstream's middleware. */
export function guardRequests(app: FastifyInstance, routes: readonly Route[], context: Context): void {
  const { authString, csrfProtection } = context.config;
  if (csrfProtection) {
    app.addHook("onRequest", async (request) => {
      if (UNSAFE_METHODS.has(request.method)) await csrfCheck(request.headers, context);
    });
  }
  if (authString !== undefined) {
    const check = authCheck(authString);
    const exempt = new Set(
      routes.filter((route) => route.exempt).map(({ method, path }) => `${method} ${API_PREFIX}${path}`),
    );
    app.addHook("onRequest", async (request) => {
      const path = request.url.split("?", 1)[0];
      if (path === UI_SETTINGS_PATH || exempt.has(`${request.method} ${path}`)) return;
      check(request.headers.authorization);
    });
  }
}

/** Makes the check of the Authorization header for an auth string (`user:password`, HTTP Basic). Throws: ApiError `unauthorized`. */
function authCheck(authString: string): (header: string | undefined) => void {
  return (header) => {
    const [scheme, credentials = "", ...rest] = (header ?? "").trim().split(/\s+/);
    const equal = sameText(Buffer.from(credentials, "base64").toString("utf8"), authString);
    if (scheme !== "Basic" || rest.length > 0 || !equal) throw new ApiError("unauthorized", "Unauthorized");
  };
}

/** Compares two texts in constant time. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/** Of a fixed length, as timingSafeEqual needs it. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
