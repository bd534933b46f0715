import type { ResourceContract } from "../../schema/define.ts";
import type { JsonObject } from "../../schema/json.ts";
import { formatPath, leafChanges } from "../../schema/path.ts";
import type { Problem } from "../../schema/problem.ts";
import { PrefectError } from "../client/errors/prefect-error.ts";
import { ConfigError } from "../client/settings/config-error.ts";
import type { Decision } from "./decide.ts";
import type { RemoteObject } from "./lifecycle.ts";
import { addressOf } from "./state.ts";
import { EngineError } from "./types.ts";

/** Every text about an outcome that is not plain success. */

export function label(contract: ResourceContract, values: JsonObject): string {
  return `${contract.kind} "${addressOf(contract, values)}"`;
}

/** Turns a failed call into an error about the resource. Other errors pass unchanged: they are bugs, not outcomes. */
export function explain(error: unknown, attempt: string): unknown {
  if (error instanceof PrefectError) return new EngineError(`${attempt} failed`, error.message, { cause: error });
  if (error instanceof ConfigError) return new EngineError(`${attempt} failed`, error.message, { cause: error });
  return error;
}

/** Paths at which an object differs from what is declared; never values. */
export function differences(contract: ResourceContract, live: JsonObject, declared: JsonObject): string[] {
  return Object.keys(contract.fields)
    .filter((field) => declared[field] !== undefined)
    .flatMap((field) => leafChanges(live[field], declared[field], [field]))
    .map((change) => formatPath(change.path));
}

const MOST_PATHS = 10;

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, MOST_PATHS).join(", ");
  return paths.length > MOST_PATHS ? `${shown} and ${paths.length - MOST_PATHS} more` : shown;
}

export function alreadyExists(
  contract: ResourceContract,
  declared: JsonObject,
  object: RemoteObject,
  decision: Decision,
  url: string,
  policy: "refuse" | "ifEqual" | "always",
): EngineError {
  const paths = differences(contract, object.live, declared);
  const since = typeof object.outputs.created === "string" ? `, made ${object.outputs.created}` : "";
  const who = object.uuid === undefined ? "" : ` (UUID ${object.uuid}${since})`;
  const fixed = decision.changes.filter((change) => change.replaces).map((change) => change.field);
  if (fixed.length > 0) {
    return new EngineError(
      `${label(contract, declared)} already exists at ${url} and is not in the state`,
      `Nothing was changed${who}. It differs from the program at: ${listed(paths)}. It cannot be taken over, for ${listed(fixed)} of an existing object cannot be changed: declare what it has, choose another name, or delete the object first.`,
    );
  }
  const advice =
    paths.length === 0
      ? 'It has every declared value; perhaps an earlier create of this program was cut off before its answer arrived. To take it over, add `adopt: "ifEqual"` to the resource.'
      : `It differs from the program at: ${listed(paths)}. To take it over and make it match, add \`adopt: "always"\` to the resource.`;
  const refused = policy === "ifEqual" ? ' `adopt: "ifEqual"` takes over only what is equal.' : "";
  return new EngineError(
    `${label(contract, declared)} already exists at ${url} and is not in the state`,
    `Nothing was changed${who}.${refused} ${advice} Or import it under the id "${importIdOf(contract, object)}". Or choose another name.`,
  );
}

function importIdOf(contract: ResourceContract, object: RemoteObject): string {
  return addressOf(contract, object.live);
}

export function gone(
  contract: ResourceContract,
  applied: JsonObject,
  stranger: RemoteObject | undefined,
  url: string,
): EngineError {
  const what = label(contract, applied);
  if (stranger !== undefined) {
    return new EngineError(
      `${what} is not the object this program manages any more`,
      `The object of the state is gone, and another one with the same name exists at ${url} (UUID ${stranger.uuid ?? "unknown"}). It is somebody else's: nothing was changed. Refresh the state; then the next apply will ask what to do with the existing one (see \`adopt\`).`,
    );
  }
  return new EngineError(
    `${what} does not exist at ${url} any more`,
    "It was removed behind the program's back, or the configuration names another server now. Nothing was changed. Refresh the state; then the next apply makes it anew.",
  );
}

/** Found after the write: the API can write to this kind by name only. */
export function wroteAnother(
  contract: ResourceContract,
  live: JsonObject,
  now: RemoteObject,
  url: string,
): EngineError {
  return new EngineError(
    `${label(contract, live)} was replaced by somebody else while it was updated`,
    `The object of the state is gone, and another one took its name at ${url} (UUID ${now.uuid ?? "unknown"}) just before the update, which may have changed that one. Look at it, and refresh the state.`,
  );
}

/** Values that somebody else changed, and that an update leaves to them. */
export function drifted(contract: ResourceContract, applied: JsonObject, fields: readonly string[]): string {
  return `${label(contract, applied)} was changed on the server since it was last applied, at: ${listed(fields)}. This was not in the plan, so it was left as it is. A refresh takes it into the state; then the next plan shows it.`;
}

/** A rename onto a name that is taken. The server's own words do not always say which. */
export function nameTaken(
  contract: ResourceContract,
  declared: JsonObject,
  attempt: string,
  cause: Error,
): EngineError {
  return new EngineError(
    `${attempt} failed: there is another ${label(contract, declared)} already`,
    `Nothing was changed. ${cause.message} Choose another name, or rename or delete the other object first. Two resources cannot swap their names in one apply: give one of them a third name in between.`,
    { cause },
  );
}

export function inUse(contract: ResourceContract, state: JsonObject, users: readonly string[]): EngineError {
  return new EngineError(
    `${label(contract, state)} is in use and was not deleted`,
    `${used(users)} To delete it all the same, set \`forceDelete: true\` on the resource or in the provider's configuration, and apply that before the destroy.`,
  );
}

/** A plan that would delete what deployments use, to make it anew. */
export function replacesInUse(
  contract: ResourceContract,
  applied: JsonObject,
  field: string,
  users: readonly string[],
): Problem {
  const message = `changes, and so ${label(contract, applied)} would be deleted and made anew, but it is in use. ${used(users)} To replace it all the same, set \`forceDelete: true\` on the resource or in the provider's configuration, and apply that before this change`;
  return { rule: "replaces-in-use", severity: "error", path: [field], message };
}

function used(users: readonly string[]): string {
  return `These deployments use it: ${listed(users)}. Deleting it would leave their runs waiting for ever or unlimited. Move or remove the deployments first.`;
}
