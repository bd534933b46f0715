import type { Fault } from "../errors/attempt-failure.ts";

/** The path to send the same request to, when the redirect keeps the method, the server and, but for a slash at its end, the
 *  path: anything else may address another object, or tell another server the credentials. */
export function followable(fault: Fault, from: string): string | undefined {
  if (fault.redirectedTo === undefined || (fault.status !== 307 && fault.status !== 308)) return undefined;
  const [target, asked] = [new URL(fault.redirectedTo), new URL(from)];
  if (target.origin !== asked.origin || target.search !== asked.search) return undefined;
  const sameButForSlash = target.pathname.replace(/\/$/, "") === asked.pathname.replace(/\/$/, "");
  return sameButForSlash ? target.pathname + target.search : undefined;
}
