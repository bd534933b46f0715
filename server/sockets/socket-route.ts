import type { Context } from "../domain/context.ts";
import { limitExceeded } from "../http/request/json-limits.ts";
import { parseJson } from "../values/json.ts";
import type { Peer } from "./peer.ts";

/** Close codes (RFC 6455, 7.4.1) that routes use. */
export const CLOSE_CODES = {
  normal: 1000,
  protocolError: 1002,
  policyViolation: 1008,
  internalError: 1011,
  /** Clients reconnect after this one; 1001 is the end of the stream for them. */
  serviceRestart: 1012,
} as const;

/** Closes the socket with a code and a reason. Thrown by routes. */
export class SocketClose extends Error {
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
  /** Refuses peers that don't offer the subprotocol `prefect`. Otherwise they are old clients, without authentication. */
  readonly requiresSubprotocol?: boolean;
  /** Sent as the reason of every failed authentication, instead of a more specific one. */
  readonly authFailedReason?: string;
  /** Serves an authenticated peer; returning closes the socket normally. Throws: SocketClose. */
  handle(peer: Peer, params: Record<string, string>, context: Context): Promise<void>;
}

/** Reads a message as a JSON object. Throws: SocketClose. `undefined`: the peer is gone. */
export async function receiveObject(peer: Peer): Promise<Record<string, unknown> | undefined> {
  const text = await peer.receive();
  return text === undefined ? undefined : parseObject(text);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    // The limits of request bodies apply here, too.
    const value: unknown = limitExceeded(text) === undefined ? parseJson(text) : undefined;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new SocketClose(CLOSE_CODES.protocolError, "Expected a JSON object");
}
