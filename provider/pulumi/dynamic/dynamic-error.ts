import { PartialCreateError } from "../../engine/types.ts";
import type { PropertyMap } from "../codec.ts";
import { errorMessage } from "../error-message.ts";

/** An error as Pulumi's dynamic provider server expects it. For some operations the server prints `${error}: ${error.stack}` to the
 *  terminal besides reporting the message, so both are short. */
export class DynamicError extends Error {
  override readonly name = "prefect-iac";
  override stack: string;

  constructor(error: unknown) {
    super(errorMessage(error), { cause: error });
    this.stack = "see the message of the resource";
  }

  override toString(): string {
    return this.name;
  }
}

/** The object exists although the operation failed: Pulumi recognizes `id` and `properties`, and keeps the resource. It shows the
 *  reasons and drops the message. */
export class DynamicInitializationError extends DynamicError {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly reasons: string[];

  constructor(error: PartialCreateError, properties: PropertyMap) {
    super(error);
    this.id = error.id;
    this.properties = properties;
    this.reasons = [this.message];
  }
}

/** `encodeState` encodes the state of an object that exists although its operation failed. */
export function toDynamicError(
  error: unknown,
  encodeState: (state: PartialCreateError["state"]) => PropertyMap,
): DynamicError {
  return error instanceof PartialCreateError
    ? new DynamicInitializationError(error, encodeState(error.state))
    : new DynamicError(error);
}
