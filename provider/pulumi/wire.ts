import { isObject, type Json, type Plan, type PlanObject, setKey, UNKNOWN } from "../../schema/json.ts";

/** Pulumi's forms of a value on the wire (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go), as plain JavaScript. Both doors
 *  decode with this and encode with this; nothing else in the project knows these forms. */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Stands for a value that is not known yet; one for each type of the value to come. */
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

/** Anything a host hands over: JSON as a rule, but nobody promises it. */
export type Wire = unknown;
export type WireObject = { [key: string]: Wire };

/** Properties of a resource, of the provider or of a function. Absent is empty. Keys that start with `__` belong to the host
 *  (`__provider`, `__internal`) and are dropped; deeper down such keys are the user's. */
export function decodeObject(raw: Wire): PlanObject {
  const decoded: PlanObject = {};
  if (!isObject(raw)) return decoded;
  for (const key of Object.keys(raw)) {
    const value: Wire = raw[key];
    if (!key.startsWith("__") && value !== undefined) setKey(decoded, key, decode(value));
  }
  return decoded;
}

/** One value: secrets are unwrapped, a reference to a resource becomes its id, an unknown of any type becomes UNKNOWN. */
export function decode(raw: Wire): Plan {
  if (typeof raw === "string") return UNKNOWN_TEXTS.has(raw) ? UNKNOWN : raw;
  if (typeof raw === "number" || typeof raw === "boolean") return raw;
  if (Array.isArray(raw)) return raw.map(decode);
  if (!isObject(raw)) return null;
  const fields: WireObject = raw;
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

/** Properties to hand to a host. `secrets` are the keys whose value was born secret: nobody marked it in the program. */
export function encodeObject(value: PlanObject, secrets: Iterable<string> = []): WireObject {
  const encoded = encode(value) as WireObject;
  for (const key of secrets) if (encoded[key] !== undefined) encoded[key] = secret(encoded[key]);
  return encoded;
}

export function secret(value: Wire): Wire {
  return { [SIGNATURE]: SECRET, value };
}

/** One value, in a form that every host's encoder takes: what JSON has no word for is left out (in arrays: null). */
export function encode(value: Plan): Wire {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (Array.isArray(value)) return value.map((item) => encode(item) ?? null);
  if (isObject(value)) {
    const encoded: WireObject = {};
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

/** Whether the host has remembered nothing of the resource: no properties, or only its own. */
export function isEmpty(properties: PlanObject): boolean {
  return Object.keys(properties).length === 0;
}
