import { PrefectError } from "../errors/prefect-error.ts";

/** Builds a path from literal text and names: `` path`/work_pools/${name}` ``. Names are percent-encoded, so that `#`, `?`, blanks and
 *  any letters address the object of exactly that name. Throws: PrefectError `invalid`, with nothing sent, for a name that would
 *  address something else: empty, `.` and `..` (servers and proxies normalise the path) and names with `/` (Prefect decodes before it
 *  routes: deleting the pool `a/queues/b` would delete the queue `b`). */
export function path(literals: TemplateStringsArray, ...names: string[]): string {
  return literals.map((text, index) => (index === 0 ? text : encodeSegment(names[index - 1] ?? "") + text)).join("");
}

function encodeSegment(name: string): string {
  const problem =
    name === ""
      ? "it is empty"
      : name === "." || name === ".."
        ? "it is a relative path segment"
        : name.includes("/")
          ? "the server takes / as a path separator"
          : name.isWellFormed()
            ? undefined
            : "it is not valid Unicode";
  if (problem === undefined) return encodeURIComponent(name);
  throw new PrefectError(
    `The name ${JSON.stringify(name)} cannot be addressed in a URL: ${problem}. Nothing was sent.`,
    { code: "invalid", method: "", url: "", mayHaveHappened: false, attempts: 0 },
  );
}
