import { PrefectError } from "../client/errors/prefect-error.ts";
import { ConfigError } from "../client/settings/config-error.ts";
import { EngineError } from "../engine/types.ts";

/** What a user is told about a failed operation: the whole message of what this project throws on purpose, without a stack.
 *  Anything else is a mistake of ours, and only its type and message are passed on. */
export function failureText(error: unknown): string {
  if (error instanceof EngineError || error instanceof PrefectError || error instanceof ConfigError)
    return error.message;
  if (error instanceof ProviderFailure) return error.message;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  return `prefect-iac failed inside, which is a mistake in prefect-iac and not in your program: ${what}`;
}

/** A failure of the door itself, e.g. a configuration that cannot be read. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
}
