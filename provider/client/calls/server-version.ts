/** Oldest server whose API this client supports. Before it, tag concurrency limits are no view of global concurrency limits. */
export const OLDEST_SUPPORTED_VERSION = "3.4.19";
/** Newest minor version that the tests are run against. */
const NEWEST_TESTED_VERSION = "3.8";

export type VersionCheck =
  | { result: "supported" | "newer" | "unknown" | "too_old" }
  | { result: "known_bug"; warning: string };

/** Checks a server's version, e.g. "3.8.4" or "3.9.0rc1". Development builds ("0+unknown") are `unknown`. */
export function checkServerVersion(version: string): VersionCheck {
  const numbers = parseVersion(version);
  if (numbers === undefined || numbers[0] === 0) return { result: "unknown" };
  if (compare(numbers, parseVersion(OLDEST_SUPPORTED_VERSION) ?? []) < 0) return { result: "too_old" };
  if (compare(numbers, [3, 7, 1]) >= 0 && compare(numbers, [3, 7, 6]) <= 0) {
    return {
      result: "known_bug",
      warning: `The server is Prefect ${version}. Kubernetes workers of 3.7.1 to 3.7.6 keep a pool's old job template until they are restarted: restart them after a change of a template, or update to 3.7.7 or newer.`,
    };
  }
  const isNewer = compare(numbers.slice(0, 2), parseVersion(NEWEST_TESTED_VERSION) ?? []) > 0;
  return { result: isNewer ? "newer" : "supported" };
}

function parseVersion(version: string): number[] | undefined {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return match === null ? undefined : match.slice(1).map((part) => Number(part ?? 0));
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((part, index) => part !== (b[index] ?? 0));
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
