import type { IncomingHttpHeaders } from "node:http";
import { normalizeUuid } from "../../values/uuid.ts";
import { RequestValidationError } from "./validation-error.ts";

/** Who caused an object to be created, other than the client itself. */
export interface CreatedBy {
  id: string;
  type: "AUTOMATION";
  display_value: string;
}

/** The automation that a request is sent for, by its headers: the id, and the name as UTF-8 in Base64. Null unless both are there.
 *  Throws: RequestValidationError for an invalid id. Source: prefect/server/api/dependencies.py, get_created_by. */
export function readCreatedBy(headers: IncomingHttpHeaders): CreatedBy | null {
  const header = headers["prefect-automation-id"];
  if (header === undefined) return null;
  const id = normalizeUuid(String(header));
  if (id === undefined) {
    throw new RequestValidationError([
      {
        type: "uuid_parsing",
        loc: ["header", "prefect-automation-id"],
        msg: "Input should be a valid UUID",
        input: header,
        ctx: { error: "not a valid UUID" },
      },
    ]);
  }
  const name = decodeBase64(String(headers["prefect-automation-name"] ?? ""));
  return name ? { id, type: "AUTOMATION", display_value: name } : null;
}

/** Decodes Base64 as Python does: skips characters outside of the alphabet, and everything after the padding. `undefined`: incomplete, or
 *  not UTF-8. */
function decodeBase64(base64: string): string | undefined {
  let data = "";
  let padding = 0;
  for (const letter of base64) {
    if (letter === "=") {
      if (data.length % 4 >= 2) padding += 1;
      if (padding > 0 && (data.length % 4) + padding >= 4) return decodeUtf8(data);
    } else if (/[A-Za-z0-9+/]/.test(letter)) {
      data += letter;
      padding = 0;
    }
  }
  return data.length % 4 === 0 ? decodeUtf8(data) : undefined;
}

function decodeUtf8(base64: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, "base64"));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
