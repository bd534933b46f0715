const UUID = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}";

/** `/work_queues/{id:uuid}` as fastify's router spells it. */
export function routerPath(path: string): string {
  return path.replace(/\{(\w+)(:uuid)?\}/g, (_, name: string, uuid?: string) =>
    uuid === undefined ? `:${name}` : `:${name}(^${UUID}$)`,
  );
}

/** A pattern for whole paths that the route answers, under any method. */
export function pathPattern(path: string): RegExp {
  const source = path
    .split(/(\{\w+(?::uuid)?\})/)
    .map((part) => {
      if (!part.startsWith("{")) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return part.endsWith(":uuid}") ? UUID : "[^/]+";
    })
    .join("");
  return new RegExp(`^${source}$`);
}

/** Names of the parameters that are UUIDs. */
export function uuidParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+):uuid\}/g)].map((match) => match[1] as string);
}
