import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import { type AttemptFailure, isHttpParserError, isTlsError } from "./attempt-failure.ts";

/** What the user can do about a failure, in a sentence or two; empty where the server's own message is enough. */
export function hintFor(failure: AttemptFailure, settings: ResolvedSettings): string {
  const urlSource = `The URL came from apiUrl, ${settings.sources.apiUrl ?? "given in the configuration"}.`;
  switch (failure.code) {
    case "unauthorized":
      return credentialsHint(settings);
    case "forbidden":
      return `The server accepts the credentials, but they do not permit this. ${credentialsHint(settings)}`;
    case "network":
      return [networkHint(failure, urlSource), proxyHint(settings)].join(" ").trim();
    case "unavailable":
      return "The server or its database is overloaded or down. Try again later.";
    case "rate_limited":
      return "Try again later, or lower maxConcurrentRequests.";
    case "server_fault":
      return "This is an error in the server: see its log.";
    case "redirected":
      return redirectHint(failure, settings, urlSource);
    case "unreadable":
      return `Is this the URL of a Prefect API, and not of its UI or of a proxy's page? ${urlSource} ${suggestUrl(settings)}`.trim();
    default:
      return "";
  }
}

function credentialsHint(settings: ResolvedSettings): string {
  const { apiKey, authString, customHeaders, sources, credentialNotes, api } = settings;
  const sent =
    authString !== undefined
      ? `authString was sent, ${sources.authString}.`
      : apiKey !== undefined
        ? `apiKey was sent, ${sources.apiKey}.`
        : "authorization" in customHeaders
          ? `The header authorization of customHeaders was sent, ${sources.customHeaders}.`
          : "No credentials were sent.";
  const required = api.cloud
    ? "Prefect Cloud requires an API key: apiKey or PREFECT_API_KEY."
    : "A self-hosted server requires user:password in authString or PREFECT_API_AUTH_STRING; Prefect Cloud requires apiKey or PREFECT_API_KEY; a proxy may require customHeaders.";
  return [sent, required, ...credentialNotes].join(" ");
}

function networkHint({ reason = "", wasSent }: AttemptFailure, urlSource: string): string {
  if (reason === "ECONNREFUSED") return `Nothing listens there: is the server running? ${urlSource}`;
  if (reason === "ENOTFOUND" || reason === "EAI_AGAIN") return `The host name cannot be resolved. ${urlSource}`;
  if (reason.startsWith("ERR_SSL") || reason === "EPROTO")
    return `Does the server speak TLS there, or should the URL begin with http://? ${urlSource}`;
  if (isTlsError(reason)) {
    return "The server's certificate is not trusted. Put the certificate of its authority in a PEM file and set caFile or PREFECT_API_SSL_CERT_FILE to it.";
  }
  if (isHttpParserError(reason))
    return `The server there does not speak HTTP; should the URL begin with https://? ${urlSource}`;
  return wasSent === true
    ? "Did the server, or a proxy in front of it, restart or crash?"
    : `Can the server be reached from this machine? ${urlSource}`;
}

function proxyHint({ proxy }: ResolvedSettings): string {
  if (proxy === undefined) return "";
  return `Requests go through the proxy of the environment variable ${proxy.variable}; hosts in NO_PROXY are reached without it.`;
}

function redirectHint({ redirectedTo }: AttemptFailure, { api }: ResolvedSettings, urlSource: string): string {
  const target = redirectedTo === undefined ? undefined : URL.parse(redirectedTo);
  if (target === null || target === undefined) return urlSource;
  if (target.origin === api.origin.replace(/^http:/, "https:") && target.origin !== api.origin) {
    return `The server requires https: set apiUrl to ${target.origin}${api.basePath}. ${urlSource}`;
  }
  return `Set apiUrl to the URL of the API itself; behind a login page, it needs credentials or customHeaders. ${urlSource}`;
}

function suggestUrl({ api }: ResolvedSettings): string {
  if (api.cloud || api.basePath === "/api") return "";
  return `Did you mean ${api.origin}/api?`;
}
