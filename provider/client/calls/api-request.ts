import type { z } from "zod";
import type { JsonObject } from "../../../schema/json.ts";
import type { RequestKind } from "../errors/attempt-failure.ts";

/** One request of a route, with its path and body filled in. */
export interface ApiRequest<T> {
  kind: RequestKind;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Escaped (`path`), relative to the API's base path. */
  path: string;
  body?: JsonObject;
  /** The type of a successful response's body. */
  response: z.ZodType<T>;
  /** A request about the server itself: sent without the server check and a CSRF token, and a 404 is not verified. */
  isProbe?: true;
}

export interface ApiResponse<T> {
  value: T;
  status: number;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
}
