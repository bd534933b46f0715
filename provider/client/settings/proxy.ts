import { ConfigError } from "./config-error.ts";
import type { Environment } from "./environment.ts";

/** A proxy from the environment. Its URL may hold a password. */
export interface ProxyServer {
  url: string;
  /** The environment variable that names it. */
  variable: string;
}

const PROTOCOLS = ["http:", "https:", "socks5:"];
const DEFAULT_PORTS: { readonly [protocol: string]: string } = { "http:": "80", "https:": "443" };

/** The proxy for requests to `origin`, from the variables that curl, Go and Prefect's own client use: HTTPS_PROXY or HTTP_PROXY, else
 *  ALL_PROXY, in upper or lower case, and NO_PROXY. Loopback addresses use none. Throws: ConfigError for an invalid proxy URL. */
export function proxyFor(origin: string, { env }: Pick<Environment, "env">): ProxyServer | undefined {
  const { protocol, hostname, port } = new URL(origin);
  const specific = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const variable = [specific, "ALL_PROXY"].flatMap((name) => [name.toLowerCase(), name]).find((name) => env[name]);
  const proxy = variable === undefined ? undefined : env[variable];
  if (variable === undefined || proxy === undefined) return undefined;
  const exempt = (env.no_proxy || env.NO_PROXY || "").split(/[\s,]+/).filter((entry) => entry !== "");
  const target = { host: hostname, port: port || DEFAULT_PORTS[protocol] };
  if (isLoopback(hostname) || exempt.some((entry) => matches(entry, target))) return undefined;
  const url = URL.parse(proxy.includes("://") ? proxy : `http://${proxy}`);
  if (url === null || !PROTOCOLS.includes(url.protocol) || !isEscaped(url.username + url.password)) {
    throw new ConfigError(
      "apiUrl",
      `${variable} of the environment is not the URL of a proxy. It must begin with http://, https:// or socks5://, with a % in user or password written as %25. To reach the API without a proxy, add ${hostname} to NO_PROXY.`,
    );
  }
  return { url: url.href, variable };
}

/** Whether each % starts an escape: the credentials are unescaped before they are sent. */
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

/** Whether an entry of NO_PROXY names the host: `*`, the host itself or a parent domain, with or without a port. */
function matches(entry: string, { host, port }: { host: string; port: string | undefined }): boolean {
  if (entry === "*") return true;
  const [, name = "", ofPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  const domain = name.replace(/^\*?\./, "");
  return (ofPort === undefined || ofPort === port) && (host === domain || host.endsWith(`.${domain}`));
}
