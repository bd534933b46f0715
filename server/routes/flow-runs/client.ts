import type { IncomingHttpHeaders } from "node:http";
import type { ClientManners } from "../../domain/orchestration/flow-run-transition.ts";
import { clientVersion, isClientUpTo } from "../../http/request/client-version.ts";

/** How the client that asks deals with the slots of deployments. */
export function clientManners(headers: IncomingHttpHeaders): ClientManners {
  const [major, minor, patch] = clientVersion(headers) ?? [];
  return {
    renewsLeases: major !== undefined && !isClientUpTo(headers, "3.4.10"),
    takesSlots: major === 3 && minor === 0 && (patch ?? 0) <= 3,
  };
}
