import { PrefectError } from "../client/errors/prefect-error.ts";
import { ConfigError } from "../client/settings/config-error.ts";
import { EngineError } from "../engine/types.ts";

/** The message of a failed operation for the user, without a stack trace: in full for this project's own errors; any other error is a
 *  bug, reported with its type and message. */
export function errorMessage(error: unknown): string {
  if (error instanceof EngineError || error instanceof PrefectError || error instanceof ConfigError) {
    return error.message;
  }
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  return `prefect-iac failed with an internal error, which is a bug in prefect-iac and not in your program: ${cause}`;
}
