import { isObject, type Json, type Plan, type PlanObject, setKey, UNKNOWN } from "../../schema/json.ts";

/** Pulumi's encoding of property values (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go), as plain JavaScript. Used by the dynamic
 *  provider and by the plugin; nothing else in the project knows this encoding. */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** A value that is not known yet; Pulumi has one such text for each type. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_TEXTS: ReadonlySet<string> = new Set([
  UNKNOWN_TEXT,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

/** An encoded value. JSON as a rule, but not guaranteed. */
export type PropertyValue = unknown;
export type PropertyMap = { [key: string]: PropertyValue };

/** Properties of a resource, of the provider or of a function. Absent is empty. Top-level keys that start with `__` (`__provider`,
 *  `__internal`) are Pulumi's own and are dropped; nested ones are the user's. */
export function decodeProperties(encoded: PropertyValue): PlanObject {
  const decoded: PlanObject = {};
  if (!isObject(encoded)) return decoded;
  for (const key of Object.keys(encoded)) {
    const value: PropertyValue = encoded[key];
    if (!key.startsWith("__") && value !== undefined) setKey(decoded, key, decode(value));
  }
  return decoded;
}

/** Secrets are unwrapped, a reference to a resource becomes its id, an unknown of any type becomes UNKNOWN. */
export function decode(encoded: PropertyValue): Plan {
  if (typeof encoded === "string") return UNKNOWN_TEXTS.has(encoded) ? UNKNOWN : encoded;
  if (typeof encoded === "number" || typeof encoded === "boolean") return encoded;
  if (Array.isArray(encoded)) return encoded.map(decode);
  if (!isObject(encoded)) return null;
  const fields: PropertyMap = encoded;
  const signature = Object.hasOwn(fields, SIGNATURE) ? fields[SIGNATURE] : undefined;
  if (signature === SECRET) return decode(fields.value);
  if (signature === RESOURCE) return decode(fields.id ?? fields.urn);
  if (signature === OUTPUT) return Object.hasOwn(fields, "value") ? decode(fields.value) : UNKNOWN;
  const decoded: PlanObject = {};
  for (const key of Object.keys(fields)) {
    if (fields[key] !== undefined) setKey(decoded, key, decode(fields[key]));
  }
  return decoded;
}

/** Properties for Pulumi. `secrets`: keys of outputs that are always secret, without a mark in the program. */
export function encodeProperties(value: PlanObject, secrets: Iterable<string> = []): PropertyMap {
  const encoded = encode(value) as PropertyMap;
  for (const key of secrets) if (encoded[key] !== undefined) encoded[key] = secret(encoded[key]);
  return encoded;
}

export function secret(value: PropertyValue): PropertyValue {
  return { [SIGNATURE]: SECRET, value };
}

/** A value that Pulumi's encoders accept: what is not JSON is left out (in arrays: null). */
export function encode(value: Plan): PropertyValue {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (Array.isArray(value)) return value.map((item) => encode(item) ?? null);
  if (isObject(value)) {
    const encoded: PropertyMap = {};
    for (const [key, item] of Object.entries(value as PlanObject)) {
      const text = encode(item);
      if (text !== undefined) setKey(encoded, key, text);
    }
    return encoded;
  }
  return scalar(value);
}

function scalar(value: unknown): Json | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  return undefined;
}

/** Whether there is no state of the resource: no properties, or only Pulumi's own. */
export function isEmpty(properties: PlanObject): boolean {
  return Object.keys(properties).length === 0;
}
