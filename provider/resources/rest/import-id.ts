import { parseUuid } from "../../../schema/contracts/types.ts";
import type { ResourceContract } from "../../../schema/define.ts";
import type { JsonObject } from "../../../schema/json.ts";
import type { Target } from "../../engine/state.ts";
import { EngineError } from "../../engine/types.ts";

/** Reads what a user typed for an import: a UUID where the API can find one, or the natural key with `/` between its parts (no name
 *  can hold one). Throws: EngineError when it is neither. */
export function importTarget(contract: ResourceContract, id: string, accepts: { uuid: boolean }): Target {
  const uuid = accepts.uuid ? parseUuid(id) : undefined;
  if (uuid !== undefined) return { uuid };
  const parts = id.split("/");
  if (parts.length !== contract.naturalKey.length || parts.some((part) => part === "")) {
    throw new EngineError(`"${id}" cannot be the id of a ${contract.kind}`, `Import it by ${contract.importId}.`);
  }
  const key: JsonObject = Object.fromEntries(contract.naturalKey.map((name, index) => [name, parts[index] as string]));
  return { key };
}
