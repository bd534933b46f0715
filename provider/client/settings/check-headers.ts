import { validateHeaderName, validateHeaderValue } from "node:http";
import { ConfigError } from "./config-error.ts";

/** Headers that the client or the connection sets. */
const RESERVED = new Set([
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

/** A credential that can be sent in a header. A line break at its end, as files and shells add one, is dropped. Empty means none.
 *  Throws: ConfigError, without the credential. */
export function checkCredential(
  setting: string,
  credential: string | undefined,
  source: string | undefined,
): string | undefined {
  const trimmed = credential?.replace(/[\r\n]+$/, "");
  if (trimmed === undefined || trimmed === "") return undefined;
  // The auth string is sent in base64, so any character is possible in it.
  if (setting === "authString" || isHeaderValue("authorization", trimmed)) return trimmed;
  throw new ConfigError(
    setting,
    `${setting} (${source ?? "unknown"}) holds a character that cannot be sent in a header.`,
  );
}

/** Additional headers, names in lower case. Throws: ConfigError naming the header, without its value. */
export function checkHeaders(
  headers: { [name: string]: string },
  source: string | undefined,
): { [name: string]: string } {
  const checked: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const problem = RESERVED.has(lower)
      ? "is set by the client itself"
      : !isHeaderName(name)
        ? "is not a valid header name"
        : !isHeaderValue(name, value)
          ? "has a value that cannot be sent"
          : undefined;
    if (problem !== undefined) {
      throw new ConfigError(
        "customHeaders",
        `customHeaders (${source ?? "unknown"}): the header ${JSON.stringify(name)} ${problem}.`,
      );
    }
    checked[lower] = value;
  }
  return checked;
}

function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function isHeaderValue(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
