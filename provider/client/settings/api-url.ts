import { ConfigError } from "./config-error.ts";

export interface ApiUrl {
  /** Scheme, host and port. */
  origin: string;
  /** Path of the API, without a slash at its end; `/api` was added where it was left out. */
  base: string;
  /** The path as it was given, when `/api` was added to a path of some length: a server can be told to serve its API there. */
  asGiven: string | undefined;
  /** `user:password` from the URL, unescaped. */
  authString: string | undefined;
  /** A workspace of Prefect Cloud. */
  cloud: boolean;
}

export const CLOUD_API = "https://api.prefect.cloud/api";

const WORKSPACE = /\/accounts\/([^/]+)\/workspaces\/([^/]+)$/;
const UI_WORKSPACE = /^\/account\/([^/]+)\/workspace\/([^/]+)/;
/** First path segments of the pages of Prefect's user interface. */
const UI_PAGES = new Set([
  "dashboard",
  "work-pools",
  "concurrency-limits",
  "runs",
  "flow-runs",
  "deployments",
  "settings",
]);

/** Reads every form in which people write the address of a Prefect API: with or without `/api`, with slashes at the end,
 *  with a path prefix, a Prefect Cloud workspace, `user:password@`. Throws: ConfigError with the likely right form; no user,
 *  password or query is in it. */
export function parseApiUrl(text: string, source: string): ApiUrl {
  const given = text.trim();
  const shown = withoutUser(given);
  const refuse = (why: string): never => {
    throw new ConfigError("apiUrl", `apiUrl (${source}) cannot be used: ${why}`);
  };
  if (given === "") refuse("it is empty. It is the URL of a Prefect API, for instance http://127.0.0.1:4200/api");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given)?.[1]?.toLowerCase();
  if (scheme === undefined)
    refuse(`"${shown}" has no scheme; write ${guessScheme(shown)}://${shown.replace(/^\/+/, "")}`);
  if (scheme !== "http" && scheme !== "https") {
    const right = scheme === "ws" ? "http" : scheme === "wss" ? "https" : undefined;
    const advice = right === undefined ? "only http and https can be used" : `write ${shown.replace(/^[^:]+/, right)}`;
    refuse(`"${shown}" has the scheme ${scheme}; ${advice}`);
  }
  const url = URL.parse(given) ?? refuse(`"${shown}" is not a URL`);
  if (url.search !== "" || url.hash !== "")
    refuse(`"${shown}" is followed by ? or #; leave that out (in a password write %3F or %23)`);
  // `http://user:1/2@host` is a legal URL of the host "user".
  if (url.pathname.includes("@")) refuse(`there is an @ in the path; in a password write / as %2F`);
  const path = url.pathname.replace(/\/+$/, "").replace(/\/{2,}/g, "/");
  const page = UI_WORKSPACE.exec(path);
  if (page !== null || url.hostname === "app.prefect.cloud") {
    const right = page === null ? "…/workspaces/…" : `${page[1]}/workspaces/${page[2]}`;
    refuse(`this is the address of Prefect Cloud's pages; the API is at ${CLOUD_API}/accounts/${right}`);
  }
  const first = path.split("/")[1] ?? "";
  const fromUi = UI_PAGES.has(first) || (first === "v2" && UI_PAGES.has(path.split("/")[2] ?? ""));
  if (fromUi && !path.endsWith("/api")) {
    refuse(`this is the address of a page of Prefect's user interface; the API is probably at ${url.origin}/api`);
  }
  if (path !== url.pathname.replace(/\/+$/, ""))
    refuse(`there are two slashes in its path; write ${url.origin}${path}`);
  return { ...basePath(path), origin: url.origin, authString: userOf(url, refuse) };
}

function basePath(path: string): Pick<ApiUrl, "base" | "asGiven" | "cloud"> {
  const workspace = WORKSPACE.exec(path);
  if (workspace !== null) {
    const root = path.slice(0, workspace.index);
    const base = root.endsWith("/api") ? path : `${root}/api${workspace[0]}`;
    return { base, asGiven: undefined, cloud: true };
  }
  if (path.endsWith("/api")) return { base: path, asGiven: undefined, cloud: false };
  return { base: `${path}/api`, asGiven: path === "" ? undefined : path, cloud: false };
}

/** The API of one workspace; `root` is Prefect Cloud's own unless an installation of Cloud elsewhere is meant. */
export function workspaceUrl(root: string, accountId: string, workspaceId: string): string {
  return `${root.replace(/\/+$/, "")}/accounts/${accountId}/workspaces/${workspaceId}`;
}

/** A URL as text, without what may be a credential: everything up to the last @, and the query. Works on what is not a URL. */
function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1").replace(/[?#].*$/s, "");
}

function userOf(url: URL, refuse: (why: string) => never): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  try {
    return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    return refuse("the user or the password in it holds a % that is not an escape; write it as %25");
  }
}

function guessScheme(text: string): "http" | "https" {
  return /^(localhost|127\.|0\.0\.0\.0|\[|10\.|192\.168\.|[^/.]+(:|\/|$))/i.test(text) ? "http" : "https";
}
