import type { z } from "zod";
import type { JsonObject } from "../../../schema/json.ts";
import type { RequestKind } from "../errors/attempt-failure.ts";

/** One route with its names and body filled in. */
export interface ApiRequest<T> {
  kind: RequestKind;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Escaped, from the API's base on. */
  path: string;
  body?: JsonObject;
  answer: z.ZodType<T>;
  /** Asks about the server itself: sent without checking the server first, and refusals are taken as they are. */
  plain?: true;
}

export interface ApiAnswer<T> {
  value: T;
  status: number;
}

export interface Call {
  signal?: AbortSignal | undefined;
}
