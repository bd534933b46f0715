import { API_PREFIX } from "../http/route.ts";
import type { SocketRoute } from "./socket-route.ts";

export interface SocketMatch {
  route: SocketRoute;
  params: Record<string, string>;
}

/** Makes the function that finds the route for a URL. */
export function socketRouter(routes: readonly SocketRoute[]): (url: string) => SocketMatch | undefined {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(API_PREFIX + route.path) }));
  return (url) => {
    const path = url.split("?", 1)[0] as string;
    for (const { route, pattern } of patterns) {
      const params = decoded(pattern.exec(path));
      if (params !== undefined) return { route, params };
    }
    return undefined;
  };
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

function decoded(match: RegExpExecArray | null): Record<string, string> | undefined {
  if (match === null) return undefined;
  try {
    return Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]),
    );
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
