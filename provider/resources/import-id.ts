import type { ResourceContract } from "../../schema/define.ts";
import type { JsonObject } from "../../schema/json.ts";
import type { Target } from "../engine/state.ts";
import { EngineError } from "../engine/types.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Reads what a user typed for an import: a UUID, or the natural key with `/` between its parts (no name can hold one).
 *  Throws: EngineError when it is neither. */
export function importTarget(contract: ResourceContract, id: string, accepts: { uuid: boolean }): Target {
  if (accepts.uuid && isUuid(id)) return { uuid: id.toLowerCase() };
  const parts = id.split("/");
  if (parts.length !== contract.naturalKey.length || parts.some((part) => part === "")) {
    throw new EngineError(`"${id}" cannot be the id of a ${contract.kind}`, `Import it by ${contract.importId}.`);
  }
  const key: JsonObject = Object.fromEntries(contract.naturalKey.map((name, index) => [name, parts[index] as string]));
  return { key };
}

/** The one part of a key, as text. */
export function keyText(key: JsonObject | undefined, name: string): string {
  const value = key?.[name];
  if (typeof value !== "string") throw new Error(`the key lacks ${name}`);
  return value;
}
