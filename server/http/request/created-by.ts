import type { IncomingHttpHeaders } from "node:http";
import { normalizeUuid } from "../../values/uuid.ts";
import { RequestValidationError } from "./validation-error.ts";

/** Who has something made, when it is not the client itself. */
export interface CreatedBy {
  id: string;
  type: "AUTOMATION";
  display_value: string;
}

/** The automation for which a request is sent, by its headers: both its id and its name, which is UTF-8 in Base64. Null for none.
 *  Throws: RequestValidationError for an id that is none. Source: prefect/server/api/dependencies.py, get_created_by. */
export function readCreatedBy(headers: IncomingHttpHeaders): CreatedBy | null {
  const given = headers["prefect-automation-id"];
  if (given === undefined) return null;
  const id = normalizeUuid(String(given));
  if (id === undefined) {
    throw new RequestValidationError([
      {
        type: "uuid_parsing",
        loc: ["header", "prefect-automation-id"],
        msg: "Input should be a valid UUID",
        input: given,
        ctx: { error: "not a valid UUID" },
      },
    ]);
  }
  const name = decoded(String(headers["prefect-automation-name"] ?? ""));
  return name ? { id, type: "AUTOMATION", display_value: name } : null;
}

/** As Python decodes Base64: what is no letter of it is passed over, and what stands behind its end, too. `undefined`: it has no end, or is
 *  no text. */
function decoded(base64: string): string | undefined {
  let data = "";
  let padding = 0;
  for (const letter of base64) {
    if (letter === "=") {
      if (data.length % 4 >= 2) padding += 1;
      if (padding > 0 && (data.length % 4) + padding >= 4) return text(data);
    } else if (/[A-Za-z0-9+/]/.test(letter)) {
      data += letter;
      padding = 0;
    }
  }
  return data.length % 4 === 0 ? text(data) : undefined;
}

function text(base64: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, "base64"));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
