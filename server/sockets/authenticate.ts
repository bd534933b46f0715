import { sameText } from "../http/guards.ts";
import { toJson } from "../values/json.ts";
import type { Peer } from "./peer.ts";
import { CLOSE, Closing, receiveObject } from "./socket-route.ts";

/** How long a peer may take for its first message. */
const PATIENCE_MS = 30_000;

/** The handshake that every socket of the subprotocol `prefect` begins with, also where no authentication is asked for:
 *  `{"type": "auth", "token": …}`, answered by `{"type": "auth_success"}`. Throws: Closing. Whether the peer is still there.
 *  Source: prefect/server/utilities/subscriptions.py. */
export async function authenticate(
  peer: Peer,
  { authString, failedReason }: { authString: string | undefined; failedReason: string | undefined },
): Promise<boolean> {
  const refuse = (reason: string) => new Closing(CLOSE.policyViolation, failedReason ?? reason);
  const impatience = setTimeout(
    () => peer.close(CLOSE.policyViolation, "Expected 'auth' message"),
    PATIENCE_MS,
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
    clearTimeout(impatience);
  }
  peer.send(toJson({ type: "auth_success" }));
  return true;
}
