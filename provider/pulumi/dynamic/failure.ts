import { PartialCreateError } from "../../engine/types.ts";
import { failureText } from "../failure.ts";
import type { WireObject } from "../wire.ts";

/** A failure in the form that Pulumi's dynamic provider server takes: it prints `${error}: ${error.stack}` to the user's
 *  terminal for some operations, besides telling the message, so both are short. */
export class DynamicFailure extends Error {
  override readonly name = "prefect-iac";
  override stack: string;

  constructor(error: unknown) {
    super(failureText(error), { cause: error });
    this.stack = "see the message of the resource";
  }

  override toString(): string {
    return this.name;
  }
}

/** The object exists although its operation failed: with id and properties, Pulumi keeps the resource. The server shows the
 *  reasons and drops the message. */
export class DynamicHalfMade extends DynamicFailure {
  readonly id: string;
  readonly properties: WireObject;
  readonly reasons: string[];

  constructor(error: PartialCreateError, properties: WireObject) {
    super(error);
    this.id = error.id;
    this.properties = properties;
    this.reasons = [this.message];
  }
}

/** What an operation has to throw. `properties` gives the wire form of a half-made object's state. */
export function toThrow(
  error: unknown,
  properties: (state: PartialCreateError["state"]) => WireObject,
): DynamicFailure {
  return error instanceof PartialCreateError
    ? new DynamicHalfMade(error, properties(error.state))
    : new DynamicFailure(error);
}
