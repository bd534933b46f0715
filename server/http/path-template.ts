import { UUID_PATTERN } from "../values/uuid.ts";

/** `/work_queues/{id:uuid}` in the syntax of fastify's router. */
export function routerPath(path: string): string {
  return path.replace(/\{(\w+)(:uuid)?\}/g, (_, name: string, uuid?: string) =>
    uuid === undefined ? `:${name}` : `:${name}(^${UUID_PATTERN}$)`,
  );
}

/** A pattern that matches the whole path of a request, for any method. */
export function pathPattern(path: string): RegExp {
  const source = path
    .split(/(\{\w+(?::uuid)?\})/)
    .map((part) => {
      if (!part.startsWith("{")) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return part.endsWith(":uuid}") ? UUID_PATTERN : "[^/]+";
    })
    .join("");
  return new RegExp(`^${source}$`);
}

/** Names of the parameters that are UUIDs. */
export function uuidParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+):uuid\}/g)].map((match) => match[1] as string);
}

/** A request's URL with `%2F` decoded in its path. */
export function withoutEscapedSlashes(url: string): string {
  if (!url.includes("%2")) return url;
  const [path = "", ...query] = url.split("?");
  return [path.replace(/%2f/gi, "/"), ...query].join("?");
}
