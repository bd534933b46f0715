/** Oldest server whose answers and rules this client knows (tag limits over v2 limits). */
export const OLDEST_SUPPORTED = "3.4.19";
/** Newest minor version that the tests are run against. */
const NEWEST_TESTED = "3.8";

export type VersionVerdict =
  | { verdict: "supported" | "newer" | "unknown" }
  | { verdict: "too_old" }
  | { verdict: "bad"; warning: string };

/** What is known of a server's version, e.g. "3.8.4" or "3.9.0rc1". Development builds ("0+unknown") are `unknown`. */
export function judgeVersion(version: string): VersionVerdict {
  const numbers = numbersOf(version);
  if (numbers === undefined || numbers[0] === 0) return { verdict: "unknown" };
  if (compare(numbers, numbersOf(OLDEST_SUPPORTED) ?? []) < 0) return { verdict: "too_old" };
  if (compare(numbers, [3, 7, 1]) >= 0 && compare(numbers, [3, 7, 6]) <= 0) {
    return {
      verdict: "bad",
      warning: `The server is Prefect ${version}. Kubernetes workers of 3.7.1 to 3.7.6 keep a pool's old job template until they are restarted: restart them after a change of a template, or update to 3.7.7 or newer.`,
    };
  }
  return { verdict: compare(numbers.slice(0, 2), numbersOf(NEWEST_TESTED) ?? []) > 0 ? "newer" : "supported" };
}

function numbersOf(version: string): number[] | undefined {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return match === null ? undefined : match.slice(1).map((part) => Number(part ?? 0));
}

function compare(a: number[], b: number[]): number {
  const at = a.findIndex((part, index) => part !== (b[index] ?? 0));
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
