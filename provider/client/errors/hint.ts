import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import { type Fault, isNotHttp, isTls } from "./attempt-failure.ts";

/** What a user can do about a fault, in a sentence or two; empty when what the server said is all there is to say. */
export function adviceFor(fault: Fault, settings: ResolvedSettings): string {
  const { sources } = settings;
  const url = `The URL came from apiUrl, ${sources.apiUrl ?? "given in the configuration"}.`;
  switch (fault.code) {
    case "unauthorized":
      return credentials(settings);
    case "forbidden":
      return `The credentials are known to the server but may not do this. ${credentials(settings)}`;
    case "network":
      return [networkAdvice(fault, url), proxyAdvice(settings)].join(" ").trim();
    case "unavailable":
      return "The server, or what it keeps its data in, is overloaded or down. Try again later.";
    case "rate_limited":
      return "Try again later, or lower maxConcurrentRequests.";
    case "server_fault":
      return "This is a fault of the server: its log says more.";
    case "redirected":
      return redirectAdvice(fault, settings, url);
    case "unreadable":
      return `Is this the address of a Prefect API, and not of its user interface or of a proxy's page? ${url} ${guess(settings)}`.trim();
    default:
      return "";
  }
}

function credentials({ apiKey, authString, customHeaders, sources, credentialNotes, api }: ResolvedSettings): string {
  const sent =
    authString !== undefined
      ? `Sent was authString, ${sources.authString}.`
      : apiKey !== undefined
        ? `Sent was apiKey, ${sources.apiKey}.`
        : "authorization" in customHeaders
          ? `Sent was the header authorization of customHeaders, ${sources.customHeaders}.`
          : "No credentials were sent.";
  const wanted = api.cloud
    ? "Prefect Cloud wants an API key: apiKey or PREFECT_API_KEY."
    : "A server of your own wants user:password in authString or PREFECT_API_AUTH_STRING; Prefect Cloud wants apiKey or PREFECT_API_KEY; a proxy may want customHeaders.";
  return [sent, wanted, ...credentialNotes].join(" ");
}

function networkAdvice({ reason = "", left }: Fault, url: string): string {
  if (reason === "ECONNREFUSED") return `Nothing listens there: is the server running? ${url}`;
  if (reason === "ENOTFOUND" || reason === "EAI_AGAIN") return `The host's name is not known here. ${url}`;
  if (reason.startsWith("ERR_SSL") || reason === "EPROTO")
    return `Does the server speak TLS there, or should the URL begin with http://? ${url}`;
  if (isTls(reason)) {
    return "The server's certificate is not trusted. Put the authority's certificate in a PEM file and name it in caFile or PREFECT_API_SSL_CERT_FILE.";
  }
  if (isNotHttp(reason)) return `What answers there does not speak HTTP; should the URL begin with https://? ${url}`;
  return left === true
    ? "Did the server, or a proxy before it, restart or fall over?"
    : `Can the server be reached from here? ${url}`;
}

function proxyAdvice({ proxy }: ResolvedSettings): string {
  if (proxy === undefined) return "";
  return `Requests go through the proxy that ${proxy.variable} of the environment names; hosts in NO_PROXY are reached without it.`;
}

function redirectAdvice({ redirectedTo }: Fault, { api }: ResolvedSettings, url: string): string {
  const target = redirectedTo === undefined ? undefined : URL.parse(redirectedTo);
  if (target === null || target === undefined) return url;
  if (target.origin === api.origin.replace(/^http:/, "https:") && target.origin !== api.origin) {
    return `The server wants https: set apiUrl to ${target.origin}${api.basePath}. ${url}`;
  }
  return `Set apiUrl to the address at which the API itself answers; behind a login page, it needs credentials or customHeaders. ${url}`;
}

function guess({ api }: ResolvedSettings): string {
  if (api.cloud || api.basePath === "/api") return "";
  return `Did you mean ${api.origin}/api?`;
}
