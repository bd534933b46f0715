import type { ApiAnswer } from "../calls/api-request.ts";
import { PrefectError } from "../errors/prefect-error.ts";

/** The answer, or `undefined` for a definite 404. */
export async function orAbsent<T>(answer: Promise<ApiAnswer<T>>): Promise<T | undefined> {
  try {
    return (await answer).value;
  } catch (error) {
    if (error instanceof PrefectError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Whether a DELETE removed something. A 404 after a try whose answer was lost means that this try did it. */
export async function removed(answer: Promise<ApiAnswer<void>>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof PrefectError && error.code === "not_found") return error.mayHaveHappened;
    throw error;
  }
}

/** Prefect's routes by id match UUIDs only, with or without hyphens. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text);
}
