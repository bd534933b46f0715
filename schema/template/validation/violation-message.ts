import { isObject, type Plan } from "../../json.ts";
import type { Violation } from "../json-schema/index.ts";

/** Why a value is not valid, without the value and without the schema's own values: any of them may be secret. */
export function violationMessage(violation: Violation): string {
  const { keyword, schema } = violation;
  if (keyword === undefined) return "nothing is allowed here (the schema is `false`)";
  if (keyword === "type") return `must be ${typeNames([schema])}`;
  const branches = keyword === "anyOf" ? branchesOf(schema) : [];
  if (branches.length > 0 && branches.every(isOnlyType)) return `must be ${typeNames(branches)}`;
  return MESSAGES[keyword] ?? `does not satisfy the schema's \`${keyword}\``;
}

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];

function typeNames(schemas: readonly Plan[]): string {
  const types = schemas
    .flatMap((schema) => (isObject(schema) ? (schema as { type?: Plan }).type : undefined))
    .filter((each) => typeof each === "string" && TYPES.includes(each));
  return types.length === 0 ? "of the schema's type" : `of type ${types.join(" or ")}`;
}

function branchesOf(schema: Plan): readonly Plan[] {
  const branches = isObject(schema) ? (schema as { anyOf?: Plan }).anyOf : undefined;
  return Array.isArray(branches) ? branches : [];
}

/** The server gives `anyOf` a type and null to a variable that had a plain type: then nobody wrote the `anyOf`. */
function isOnlyType(schema: Plan): boolean {
  return isObject(schema) && Object.keys(schema).join() === "type";
}

const MESSAGES: { [keyword: string]: string } = {
  enum: "is not one of the values in the schema's `enum`",
  const: "is not the schema's `const`",
  required: "lacks a required property",
  dependentRequired: "lacks a property that another one here asks for (`dependentRequired`)",
  additionalProperties: "has properties that the schema does not allow (`additionalProperties`)",
  unevaluatedProperties: "has properties that the schema does not allow (`unevaluatedProperties`)",
  items: "has more items than the schema allows",
  unevaluatedItems: "has items that the schema does not allow (`unevaluatedItems`)",
  uniqueItems: "has items that are equal (`uniqueItems`)",
  pattern: "does not match the schema's `pattern`",
  format: "is not in the schema's `format`",
  minimum: "is below the schema's `minimum`",
  exclusiveMinimum: "is not above the schema's `exclusiveMinimum`",
  maximum: "is above the schema's `maximum`",
  exclusiveMaximum: "is not below the schema's `exclusiveMaximum`",
  minLength: "is shorter than the schema's `minLength`",
  maxLength: "is longer than the schema's `maxLength`",
  minItems: "has fewer items than the schema's `minItems`",
  maxItems: "has more items than the schema's `maxItems`",
  minProperties: "has fewer properties than the schema's `minProperties`",
  maxProperties: "has more properties than the schema's `maxProperties`",
  anyOf: "fits none of the schema's `anyOf`",
  oneOf: "fits none, or more than one, of the schema's `oneOf`",
  not: "is what the schema's `not` excludes",
};
