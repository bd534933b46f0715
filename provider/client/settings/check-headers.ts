import { validateHeaderName, validateHeaderValue } from "node:http";
import { ConfigError } from "./config-error.ts";

/** Headers that are the client's own business, or the connection's. */
const OWN = new Set([
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "prefect-csrf-client",
  "prefect-csrf-token",
  "transfer-encoding",
  "upgrade",
]);

/** A credential as it can be sent. Files and shells like to add a line break at its end: it is dropped. Empty means none.
 *  Throws: ConfigError, without the text. */
export function checkedText(setting: string, text: string | undefined, source: string | undefined): string | undefined {
  const trimmed = text?.replace(/[\r\n]+$/, "");
  if (trimmed === undefined || trimmed === "") return undefined;
  // The auth string is sent in base64; any character will do there.
  if (setting === "authString" || sendable("authorization", trimmed)) return trimmed;
  throw new ConfigError(
    setting,
    `${setting} (${source ?? "unknown"}) holds a character that cannot be sent in a header.`,
  );
}

/** Additional headers, names in lower case. Throws: ConfigError naming the header, without its value. */
export function checkedHeaders(
  headers: { [name: string]: string },
  source: string | undefined,
): { [name: string]: string } {
  const checked: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const why = OWN.has(lower)
      ? "is set by the client itself"
      : !nameable(name)
        ? "is not a possible name"
        : !sendable(name, value)
          ? "has a value that cannot be sent"
          : undefined;
    if (why !== undefined) {
      throw new ConfigError(
        "customHeaders",
        `customHeaders (${source ?? "unknown"}): the header ${JSON.stringify(name)} ${why}.`,
      );
    }
    checked[lower] = value;
  }
  return checked;
}

function nameable(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function sendable(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
