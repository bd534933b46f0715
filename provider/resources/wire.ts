import { apiNameOf, type ResourceContract } from "../../schema/define.ts";
import { isObject, type Json, type JsonObject } from "../../schema/json.ts";

/** The mapping between a contract's surface names and the API's, field by field; documents are passed as they are. */

/** A body for the API. `null` clears. */
export function toApi(contract: ResourceContract, values: JsonObject): JsonObject {
  const body: JsonObject = {};
  for (const [name, field] of Object.entries(contract.fields)) {
    const value = values[name];
    if (value === undefined) continue;
    body[apiNameOf(name, field)] =
      field.objectKeys !== undefined && isObject(value) ? toWireKeys(field.objectKeys, value) : value;
  }
  return body;
}

/** The fields that an answer of the API has a value for. */
export function fromApi(contract: ResourceContract, answer: { [key: string]: unknown }): JsonObject {
  const values: JsonObject = {};
  for (const [name, field] of Object.entries(contract.fields)) {
    const value = answer[apiNameOf(name, field)] as Json | undefined;
    if (value === undefined || value === null) continue;
    values[name] = field.objectKeys !== undefined && isObject(value) ? fromWireKeys(field.objectKeys, value) : value;
  }
  return values;
}

function toWireKeys(keys: Readonly<Record<string, string>>, value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(keys).map(([surface, wire]) => [wire, value[surface] ?? null]));
}

function fromWireKeys(keys: Readonly<Record<string, string>>, value: JsonObject): JsonObject {
  const present = Object.entries(keys).filter(([, wire]) => value[wire] !== undefined && value[wire] !== null);
  return Object.fromEntries(present.map(([surface, wire]) => [surface, value[wire] as Json]));
}
