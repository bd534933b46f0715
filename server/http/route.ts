import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { Context } from "../domain/context.ts";
import type { Body } from "./request/body.ts";

/** The prefix of all paths, those of websockets too. */
export const API_PREFIX = "/api";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** The parameters in a path: `{name}` takes any one segment, `{id:uuid}` only a UUID (and arrives normalized). */
export type PathParameters<P extends string> = { [Name in ParameterNames<P>]: string };

type ParameterNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Plain}:uuid` ? Plain : Name) | ParameterNames<Rest>
  : never;

/** Status -> type of the body. `null`: no body (204). */
export type Responses = { readonly [status: number]: z.ZodType | null };

/** What a handler returns. The body must fit what the route declares for that status. */
export type RouteResponse<A extends Responses> = {
  [S in keyof A & number]: A[S] extends z.ZodType
    ? { status: S; body: z.input<A[S]>; headers?: Record<string, string> }
    : { status: S; headers?: Record<string, string> };
}[keyof A & number];

export interface RouteRequest<P extends string, Q, B> {
  readonly params: PathParameters<P>;
  readonly query: Q;
  readonly body: B;
  readonly headers: IncomingHttpHeaders;
}

export interface RouteOptions<P extends string, Q, B, A extends Responses> {
  method: Method;
  /** Below `/api`, in the OpenAPI spelling, with or without a final slash exactly as upstream has it. */
  path: P;
  /** The operation's name in the OpenAPI document, in upstream's words. */
  summary: string;
  /** Types of path parameters. A value that does not fit is refused (422); without this, the route does not match (404). */
  params?: z.ZodType<PathParameters<P>>;
  query?: z.ZodType<Q>;
  body?: Body<B>;
  responses: A;
  /** Needs no authentication (probes). */
  exempt?: boolean;
  /** Ignores the API version header, as upstream's /health and /version do. */
  anyVersion?: boolean;
  handle(
    request: RouteRequest<P, Q, B>,
    context: Context,
  ): Promise<RouteResponse<NoInfer<A>>> | RouteResponse<NoInfer<A>>;
}

/** A route whose type parameters are erased: what mount-route.ts and openapi.ts work with. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly params: z.ZodType<object> | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: Body<unknown> | undefined;
  readonly responses: Responses;
  readonly exempt: boolean;
  readonly anyVersion: boolean;
  handle(
    request: { params: object; query: unknown; body: unknown; headers: IncomingHttpHeaders },
    context: Context,
  ): Promise<UncheckedResponse> | UncheckedResponse;
}

export interface UncheckedResponse {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Declares one endpoint. */
export function route<P extends string, A extends Responses, Q = undefined, B = undefined>(
  options: RouteOptions<P, Q, B, A>,
): Route {
  return {
    method: options.method,
    path: options.path,
    summary: options.summary,
    params: options.params as z.ZodType<object> | undefined,
    query: options.query,
    body: options.body,
    responses: options.responses,
    exempt: options.exempt ?? false,
    anyVersion: options.anyVersion ?? false,
    handle: options.handle as Route["handle"],
  };
}
