import { sameText } from "../http/guards.ts";
import { toJson } from "../values/json.ts";
import type { Peer } from "./peer.ts";
import { CLOSE_CODES, receiveObject, SocketClose } from "./socket-route.ts";

/** How long a peer may take for its first message. */
const TIMEOUT_MS = 30_000;

/** The handshake that every socket of the subprotocol `prefect` begins with, also without authentication:
 *  `{"type": "auth", "token": …}`, answered by `{"type": "auth_success"}`. Throws: SocketClose. Returns whether the peer is still there.
 *  Source: prefect/server/utilities/subscriptions.py. */
export async function authenticate(
  peer: Peer,
  { authString, failedReason }: { authString: string | undefined; failedReason: string | undefined },
): Promise<boolean> {
  const refuse = (reason: string) => new SocketClose(CLOSE_CODES.policyViolation, failedReason ?? reason);
  const timer = setTimeout(
    () => peer.close(CLOSE_CODES.policyViolation, "Expected 'auth' message"),
    TIMEOUT_MS,
  ).unref();
  try {
    const message = await receiveObject(peer);
    if (message === undefined) return false;
    if (message.type !== "auth") throw refuse("Expected 'auth' message");
    if (authString !== undefined) {
      const { token } = message;
      if (typeof token !== "string" || token === "") throw refuse("Auth required but no token provided");
      if (!sameText(token, authString)) throw refuse("Invalid token");
    }
  } finally {
    clearTimeout(timer);
  }
  peer.send(toJson({ type: "auth_success" }));
  return true;
}
