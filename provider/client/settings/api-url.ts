import { ConfigError } from "./config-error.ts";

export interface ApiUrl {
  /** Scheme, host and port. */
  origin: string;
  /** Path of the API without a trailing slash; `/api` is appended where it was left out. */
  basePath: string;
  /** The path before `/api` was appended to it, unless it was empty: a server can be configured to serve its API there. */
  originalPath: string | undefined;
  /** `user:password` from the URL, unescaped. */
  authString: string | undefined;
  /** A workspace of Prefect Cloud. */
  cloud: boolean;
}

export const CLOUD_API = "https://api.prefect.cloud/api";

const WORKSPACE = /\/accounts\/([^/]+)\/workspaces\/([^/]+)$/;
const UI_WORKSPACE = /^\/account\/([^/]+)\/workspace\/([^/]+)/;
/** First path segments of Prefect's UI. */
const UI_PAGES = new Set([
  "dashboard",
  "work-pools",
  "concurrency-limits",
  "runs",
  "flow-runs",
  "deployments",
  "settings",
]);

/** Parses the URL of a Prefect API: with or without `/api`, with trailing slashes, with a path prefix, of a Prefect Cloud workspace,
 *  with `user:password@`. Throws: ConfigError that suggests the right form, without user, password and query. */
export function parseApiUrl(text: string, source: string): ApiUrl {
  const trimmed = text.trim();
  const shown = withoutUser(trimmed);
  const refuse = (reason: string): never => {
    throw new ConfigError("apiUrl", `apiUrl (${source}) cannot be used: ${reason}`);
  };
  if (trimmed === "")
    refuse("it is empty. It must be the URL of a Prefect API, for instance http://127.0.0.1:4200/api");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined)
    refuse(`"${shown}" has no scheme; write ${guessScheme(shown)}://${shown.replace(/^\/+/, "")}`);
  if (scheme !== "http" && scheme !== "https") {
    const httpScheme = scheme === "ws" ? "http" : scheme === "wss" ? "https" : undefined;
    const advice =
      httpScheme === undefined ? "only http and https can be used" : `write ${shown.replace(/^[^:]+/, httpScheme)}`;
    refuse(`"${shown}" has the scheme ${scheme}; ${advice}`);
  }
  const url = URL.parse(trimmed) ?? refuse(`"${shown}" is not a URL`);
  if (url.search !== "" || url.hash !== "")
    refuse(`"${shown}" is followed by a query or fragment (? or #); remove it (in a password write %3F or %23)`);
  // `http://user:1/2@host` is a legal URL of the host "user".
  if (url.pathname.includes("@")) refuse(`there is an @ in the path; in a password write / as %2F`);
  const path = url.pathname.replace(/\/+$/, "").replace(/\/{2,}/g, "/");
  const page = UI_WORKSPACE.exec(path);
  if (page !== null || url.hostname === "app.prefect.cloud") {
    const workspace = page === null ? "ACCOUNT/workspaces/WORKSPACE" : `${page[1]}/workspaces/${page[2]}`;
    refuse(`this is the URL of Prefect Cloud's UI; the API is at ${CLOUD_API}/accounts/${workspace}`);
  }
  const first = path.split("/")[1] ?? "";
  const fromUi = UI_PAGES.has(first) || (first === "v2" && UI_PAGES.has(path.split("/")[2] ?? ""));
  if (fromUi && !path.endsWith("/api")) {
    refuse(`this is a page of Prefect's UI; the API is probably at ${url.origin}/api`);
  }
  if (path !== url.pathname.replace(/\/+$/, "")) refuse(`its path has a double slash; write ${url.origin}${path}`);
  return { ...pathOf(path), origin: url.origin, authString: userOf(url, refuse) };
}

function pathOf(path: string): Pick<ApiUrl, "basePath" | "originalPath" | "cloud"> {
  const workspace = WORKSPACE.exec(path);
  if (workspace !== null) {
    const root = path.slice(0, workspace.index);
    const basePath = root.endsWith("/api") ? path : `${root}/api${workspace[0]}`;
    return { basePath, originalPath: undefined, cloud: true };
  }
  if (path.endsWith("/api")) return { basePath: path, originalPath: undefined, cloud: false };
  return { basePath: `${path}/api`, originalPath: path === "" ? undefined : path, cloud: false };
}

/** The API of one workspace. `root` is the URL of Prefect Cloud's API, or of another installation of Cloud. */
export function workspaceUrl(root: string, accountId: string, workspaceId: string): string {
  return `${root.replace(/\/+$/, "")}/accounts/${accountId}/workspaces/${workspaceId}`;
}

/** The text without possible credentials: without everything up to the last @, and without the query. The text need not be a URL. */
function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1").replace(/[?#].*$/s, "");
}

function userOf(url: URL, refuse: (reason: string) => never): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  try {
    return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    return refuse("user or password holds a % that is not an escape; write it as %25");
  }
}

function guessScheme(text: string): "http" | "https" {
  return /^(localhost|127\.|0\.0\.0\.0|\[|10\.|192\.168\.|[^/.]+(:|\/|$))/i.test(text) ? "http" : "https";
}
