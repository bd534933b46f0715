import type { Context } from "../domain/context.ts";
import { limitExceeded } from "../http/request/json-limits.ts";
import { parseJson } from "../values/json.ts";
import type { Peer } from "./peer.ts";

/** Codes for closing (RFC 6455, 7.4.1), as far as routes use them. */
export const CLOSE = {
  normal: 1000,
  protocolError: 1002,
  policyViolation: 1008,
  internalError: 1011,
  /** "Come back in a moment": clients take 1001 for the end of what they listen to. */
  serviceRestart: 1012,
} as const;

/** Ends a conversation. Thrown by routes; sockets.ts closes with it. */
export class Closing extends Error {
  override readonly name = "Closing";
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

export interface SocketRoute {
  /** Below `/api`; `{name}` takes any one segment. */
  readonly path: string;
  /** Larger messages close the socket (1009). */
  readonly maxFrameBytes: number;
  /** Peers that don't offer the subprotocol `prefect` are refused. Others are taken as old clients, without authentication. */
  readonly requiresSubprotocol?: boolean;
  /** The reason given for every failed authentication, in place of more telling ones. */
  readonly authFailedReason?: string;
  /** Talks with an authenticated peer until one of them has enough; returning closes normally. Throws: Closing. */
  handle(peer: Peer, params: Record<string, string>, context: Context): Promise<void>;
}

/** Reads a message as a JSON object. Throws: Closing. `undefined`: the peer is gone. */
export async function receiveObject(peer: Peer): Promise<Record<string, unknown> | undefined> {
  const text = await peer.receive();
  return text === undefined ? undefined : parseObject(text);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    // What nests too deep for a body does so here.
    const value: unknown = limitExceeded(text) === undefined ? parseJson(text) : undefined;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Closing(CLOSE.protocolError, "Expected a JSON object");
}
