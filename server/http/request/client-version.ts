import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "../../domain/api-error.ts";

/** Which release of Prefect a client is, by its headers. */

/** Written so that it does not backtrack: otherwise a long header would take seconds. */
const USER_AGENT = /^prefect\/(\d+)\.(\d+)\.(\d+)(?:[a-z.+][a-z.+0-9]*)? \(API \S+\)$/;

/** The Prefect release of the client, by its User-Agent (`prefect/3.8.4 (API 0.8.4)`); `undefined` for any other client. */
export function clientVersion(headers: IncomingHttpHeaders): [number, number, number] | undefined {
  const match = USER_AGENT.exec(headers["user-agent"] ?? "");
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Whether the client is Prefect of at most that release. */
export function isClientUpTo(headers: IncomingHttpHeaders, release: `${number}.${number}.${number}`): boolean {
  const version = clientVersion(headers);
  if (version === undefined) return false;
  const bound = release.split(".").map(Number);
  const step = version.findIndex((part, index) => part !== bound[index]);
  return step === -1 || (version[step] as number) < (bound[step] as number);
}

/** The oldest API version that is served. */
const MINIMUM = [0, 8, 0] as const;

/** Checks the header X-PREFECT-API-VERSION; absent is fine. Throws: ApiError `bad_request`. Source: prefect/server/api/dependencies.py. */
export function checkApiVersion(header: string | string[] | undefined): void {
  if (header === undefined || header === "") return;
  const text = String(header);
  const parts = text.split(".");
  if (parts.length !== 3 || !parts.every((part) => /^\s*[+-]?\d+\s*$/.test(part))) {
    throw new ApiError(
      "bad_request",
      `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${text}`,
    );
  }
  const version = parts.map(Number);
  const step = version.findIndex((part, index) => part !== MINIMUM[index]);
  if (step !== -1 && (version[step] as number) < (MINIMUM[step] as number)) {
    throw new ApiError(
      "bad_request",
      `The request specified API version ${text} but this server requires version ${MINIMUM.join(".")} or higher.`,
    );
  }
}
