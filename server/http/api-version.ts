import { ApiError } from "../domain/api-error.ts";

/** The oldest client that is served. */
const MINIMUM = [0, 8, 0] as const;

/** Judges the header X-PREFECT-API-VERSION; absent is fine. Throws: ApiError `bad_request`. Source: prefect/server/api/dependencies.py. */
export function checkApiVersion(header: string | string[] | undefined): void {
  if (header === undefined || header === "") return;
  const text = String(header);
  const parts = text.split(".");
  if (parts.length !== 3 || !parts.every((part) => /^\s*[+-]?\d+\s*$/.test(part))) {
    throw new ApiError(
      "bad_request",
      `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${text}`,
    );
  }
  const version = parts.map(Number);
  const step = version.findIndex((part, index) => part !== MINIMUM[index]);
  if (step !== -1 && (version[step] as number) < (MINIMUM[step] as number)) {
    throw new ApiError(
      "bad_request",
      `The request specified API version ${text} but this server requires version ${MINIMUM.join(".")} or higher.`,
    );
  }
}
