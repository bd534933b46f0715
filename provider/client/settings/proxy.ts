import { ConfigError } from "./config-error.ts";
import type { Environment } from "./environment.ts";

/** A proxy that the environment names. Its URL may hold a password. */
export interface ProxyServer {
  url: string;
  /** The variable it is from. */
  source: string;
}

const PROTOCOLS = ["http:", "https:", "socks5:"];
const DEFAULT_PORTS: { readonly [protocol: string]: string } = { "http:": "80", "https:": "443" };

/** The proxy for requests to `origin`, by the variables that curl, Go and Prefect's own client read, too: HTTPS_PROXY or HTTP_PROXY, else
 *  ALL_PROXY, in capitals or not, and NO_PROXY. Never for this machine itself. Throws: ConfigError for a proxy that is no URL. */
export function proxyFor(origin: string, { env }: Pick<Environment, "env">): ProxyServer | undefined {
  const { protocol, hostname, port } = new URL(origin);
  const specific = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const source = [specific, "ALL_PROXY"].flatMap((name) => [name.toLowerCase(), name]).find((name) => env[name]);
  const given = source === undefined ? undefined : env[source];
  if (source === undefined || given === undefined) return undefined;
  const exempt = (env.no_proxy || env.NO_PROXY || "").split(/[\s,]+/).filter((entry) => entry !== "");
  const target = { host: hostname, port: port || DEFAULT_PORTS[protocol] };
  if (isLoopback(hostname) || exempt.some((entry) => covers(entry, target))) return undefined;
  const url = URL.parse(given.includes("://") ? given : `http://${given}`);
  if (url === null || !PROTOCOLS.includes(url.protocol) || !isEscaped(url.username + url.password)) {
    throw new ConfigError(
      "apiUrl",
      `${source} of the environment does not name a proxy: wanted is a URL that begins with http://, https:// or socks5://, with a % in user or password written as %25. To reach the API without it, put ${hostname} into NO_PROXY.`,
    );
  }
  return { url: url.href, source };
}

/** Whether each % starts an escape, as whoever sends the credentials expects. */
function isEscaped(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** An entry is a host, which stands for all hosts below it, too, with or without a port; or `*`. */
function covers(entry: string, { host, port }: { host: string; port: string | undefined }): boolean {
  if (entry === "*") return true;
  const [, name = "", ofPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  const domain = name.replace(/^\*?\./, "");
  return (ofPort === undefined || ofPort === port) && (host === domain || host.endsWith(`.${domain}`));
}
