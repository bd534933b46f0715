import { z } from "zod";
import { apiNameOf, COMPUTED, type Field, type FieldValues, type ResourceContract } from "../../../schema/define.ts";
import { isObject, type Json, type JsonObject } from "../../../schema/json.ts";

/** The mapping between a contract's names and the API's, field by field. Users' documents pass unchanged, at any depth. */

/** A request body. `null` clears. */
export function toApi(contract: ResourceContract, values: JsonObject, inPath: readonly string[] = []): JsonObject {
  const body: JsonObject = {};
  for (const [name, field] of Object.entries(contract.fields)) {
    const value = values[name];
    if (value === undefined || inPath.includes(name)) continue;
    body[apiNameOf(name, field)] =
      field.objectKeys !== undefined && isObject(value) ? toApiKeys(field.objectKeys, value) : value;
  }
  return body;
}

/** An object as the API answered it, read by a contract. */
export interface Answer<Contract extends ResourceContract = ResourceContract> {
  /** The object's UUID. */
  id: string;
  live: FieldValues<Contract>;
  outputs: JsonObject;
  /** All of it, in the API's names. */
  answer: JsonObject;
}

/** The type of an answer that holds one object: its id, its natural key, and each field and output as the contract types it. Rules that
 *  bind only what a program declares (ranges, reserved names) are not applied. `known`: values from the request's path, for fields
 *  that the answer leaves out. */
export function answerOf<Contract extends ResourceContract>(
  contract: Contract,
  known: JsonObject = {},
): z.ZodType<Answer<Contract>> {
  return z.unknown().transform((value, context): Answer<Contract> => {
    const answer = value as JsonObject;
    const fail = (path: string[], message: string): never => {
      context.addIssue({ code: "custom", path, message });
      return z.NEVER;
    };
    if (!isObject(value)) return fail([], "expected an object");
    if (typeof answer.id !== "string" || answer.id === "") return fail(["id"], "expected the object's id");
    const live: JsonObject = {};
    for (const [name, field] of Object.entries(contract.fields)) {
      const at = apiNameOf(name, field);
      const read = fieldOf(field, answer[at] ?? known[name] ?? answer[at]);
      if ("problem" in read) return fail([at, ...read.path], read.problem);
      if (read.value !== undefined) live[name] = read.value;
    }
    const outputs: JsonObject = {};
    for (const [name, { type, apiName, optional }] of Object.entries(contract.outputs)) {
      if (apiName === null) continue;
      const at = apiNameOf(name, { apiName });
      const output = answer[at] ?? undefined;
      const problem = output === undefined && optional ? undefined : typeProblem(type, output);
      if (problem !== undefined) return fail([at, ...problem.path], problem.problem);
      if (output !== undefined) outputs[name] = output;
    }
    // The loops above checked what the type claims: each required field is there.
    return { id: answer.id, live: live as FieldValues<Contract>, outputs, answer };
  });
}

interface TypeProblem {
  path: string[];
  problem: string;
}

/** Reads one field. An absent field is a problem where the server always has a value: it would be sent and never seen. */
function fieldOf(field: Field, value: Json | undefined): { value: Json | undefined } | TypeProblem {
  const { serverDefault } = field;
  if (value === null && field.nullable) return { value };
  if (value === null && serverDefault !== undefined && serverDefault !== COMPUTED) {
    return { value: serverDefault.value ?? undefined };
  }
  if (
    value === undefined &&
    serverDefault !== undefined &&
    serverDefault !== COMPUTED &&
    serverDefault.value === null
  ) {
    return { value: undefined };
  }
  if (value === undefined || value === null) return { path: [], problem: "expected a value" };
  const read = field.objectKeys !== undefined && isObject(value) ? fromApiKeys(field.objectKeys, value) : value;
  return typeProblem(field.type, read) ?? { value: read };
}

/** What makes a value unreadable: another JSON type than the contract's. */
function typeProblem(type: z.ZodType, value: Json | undefined): TypeProblem | undefined {
  const issue = type.safeParse(value).error?.issues.find(({ code }) => code === "invalid_type");
  if (issue?.code !== "invalid_type") return undefined;
  return { path: issue.path.map(String), problem: `expected ${issue.expected}` };
}

function toApiKeys(keys: Readonly<Record<string, string>>, value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(keys).map(([key, apiKey]) => [apiKey, value[key] ?? null]));
}

function fromApiKeys(keys: Readonly<Record<string, string>>, value: JsonObject): JsonObject {
  const present = Object.entries(keys).filter(([, apiKey]) => value[apiKey] !== undefined && value[apiKey] !== null);
  return Object.fromEntries(present.map(([key, apiKey]) => [key, value[apiKey] as Json]));
}
