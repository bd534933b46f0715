import { PrefectError } from "../errors/prefect-error.ts";

/** Builds a path from fixed text and names: `` path`/work_pools/${name}` ``. Names are escaped, so that `#`, `?`, blanks and any
 *  letters address the object of exactly that name. Throws: PrefectError `invalid`, with nothing sent, for a name that would
 *  address something else: empty, `.` and `..` (servers and proxies on the way shorten the path) and names with `/` (Prefect
 *  unescapes before it routes: deleting the pool `a/queues/b` would delete the queue `b`). */
export function path(fixed: TemplateStringsArray, ...names: string[]): string {
  return fixed.map((text, index) => (index === 0 ? text : segment(names[index - 1] ?? "") + text)).join("");
}

/** Refuses a name that no path can carry: what cannot be addressed later must not be made. Throws: PrefectError `invalid`. */
export function assertAddressable(name: unknown): void {
  if (typeof name === "string") segment(name);
}

function segment(name: string): string {
  const wrong =
    name === ""
      ? "it is empty"
      : name === "." || name === ".."
        ? "on the way to the server it would be taken as a step in the path"
        : name.includes("/")
          ? "the server takes / as a step in the path"
          : name.isWellFormed()
            ? undefined
            : "it is not valid Unicode";
  if (wrong === undefined) return encodeURIComponent(name);
  throw new PrefectError(`The name ${JSON.stringify(name)} cannot be addressed in a URL: ${wrong}. Nothing was sent.`, {
    code: "invalid",
    method: "",
    url: "",
    mayHaveHappened: false,
    attempts: 0,
  });
}
