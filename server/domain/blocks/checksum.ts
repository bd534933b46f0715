import { createHash } from "node:crypto";
import { toJson } from "../../values/json.ts";

type Document = Record<string, unknown>;

/** The checksum by which Prefect's clients find a block schema. Source: prefect/blocks/core.py, _calculate_schema_checksum. A number
 *  that was sent as 1.0 is 1 here: its schema gets another checksum than the client's, which then finds it by sending it again. */
export function schemaChecksum(fields: Document): string {
  const counted = withoutSecretFields(fields) as Document;
  const definitions = asDocument(counted.definitions);
  if (definitions !== undefined && Object.keys(definitions).length > 0) {
    const own = plainDefinitions(counted, definitions, new Set());
    if (Object.keys(own).length > 0) counted.definitions = own;
    else delete counted.definitions;
  }
  return `sha256:${createHash("sha256")
    .update(asPython([[counted], {}]))
    .digest("hex")}`;
}

/** Without `secret_fields`, which do not count. Lists are not searched, as in Prefect. */
function withoutSecretFields(value: unknown): unknown {
  const document = asDocument(value);
  if (document === undefined) return value;
  return Object.fromEntries(
    Object.entries(document)
      .filter(([key]) => key !== "secret_fields")
      .map(([key, member]) => [key, withoutSecretFields(member)]),
  );
}

/** The definitions that a document reaches and that are not blocks themselves. */
function plainDefinitions(from: unknown, definitions: Document, visited: Set<string>): Document {
  const found: Document = {};
  for (const key of definitionsNamed(from)) {
    const definition = asDocument(Object.hasOwn(definitions, key) ? definitions[key] : undefined);
    if (definition === undefined || definition.block_type_slug != null || visited.has(key)) continue;
    visited.add(key);
    Object.assign(found, { [key]: definition }, plainDefinitions(definition, definitions, visited));
  }
  return found;
}

/** Names in `#/definitions/<name>`, anywhere. */
export function definitionsNamed(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(definitionsNamed);
  const document = asDocument(value);
  if (document === undefined) return [];
  const { $ref } = document;
  const own = typeof $ref === "string" ? [$ref.replace("#/definitions/", "")] : [];
  return [...own, ...Object.values(document).flatMap(definitionsNamed)];
}

/** JSON as Python writes it with sorted keys: blanks after commas and colons, everything beyond ASCII escaped. */
function asPython(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asPython).join(", ")}]`;
  const document = asDocument(value);
  if (document === undefined) return ascii(toJson(value ?? null));
  const members = Object.keys(document)
    .sort(byCodePoint)
    .map((key) => `${ascii(toJson(key))}: ${asPython(document[key])}`);
  return `{${members.join(", ")}}`;
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function asDocument(value: unknown): Document | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Document) : undefined;
}
