import type { IncomingHttpHeaders } from "node:http";

/** Each part can match in one way only: tried in all of several, a long header would cost seconds. */
const USER_AGENT = /^prefect\/(\d+)\.(\d+)\.(\d+)(?:[a-z.+][a-z.+0-9]*)? \(API \S+\)$/;

/** The Prefect release of the client that asks, by its User-Agent (`prefect/3.8.4 (API 0.8.4)`); `undefined` for any other client. */
export function clientVersion(headers: IncomingHttpHeaders): [number, number, number] | undefined {
  const match = USER_AGENT.exec(headers["user-agent"] ?? "");
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Whether a Prefect client of at most that release asks. */
export function isClientUpTo(headers: IncomingHttpHeaders, release: `${number}.${number}.${number}`): boolean {
  const version = clientVersion(headers);
  if (version === undefined) return false;
  const bound = release.split(".").map(Number);
  const step = version.findIndex((part, index) => part !== bound[index]);
  return step === -1 || (version[step] as number) < (bound[step] as number);
}
