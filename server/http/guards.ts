import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "../domain/api-error.ts";

/** Makes the check of the Authorization header for an auth string (`user:password`, HTTP Basic). Throws: ApiError `unauthorized`. */
export function authCheck(authString: string): (header: string | undefined) => void {
  const expected = digest(authString);
  return (header) => {
    const [scheme, credentials, ...rest] = (header ?? "").trim().split(/\s+/);
    const given = digest(Buffer.from(credentials ?? "", "base64").toString("utf8"));
    // Digests of equal length, so that the time taken says nothing about either string.
    const equal = timingSafeEqual(given, expected);
    if (scheme !== "Basic" || rest.length > 0 || !equal) throw new ApiError("unauthorized", "Unauthorized");
  };
}

/** Whether two texts are the same, in a time that says nothing about either. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
