import {
  blockSchemaByChecksum,
  blockSchemaById,
  blockTypeBy,
  deleteBlockSchema,
  insertBlockSchema,
} from "../../store/queries/blocks.ts";
import type { Db } from "../../store/store.ts";
import type { BlockSchemaRow } from "../../store/tables/blocks.ts";
import { toJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { retryOnDuplicate } from "../duplicates.ts";
import { asDocument, definitionsNamed, schemaChecksum } from "./checksum.ts";
import { forgetLostStorage } from "./result-storage.ts";

type Document = Record<string, unknown>;

export interface NewBlockSchema {
  fields: Document;
  block_type_id: string;
  capabilities: readonly string[];
  version: string;
}

/** Creates a schema, and the missing schemas of nested blocks. An existing one with the same checksum and version is returned instead.
 *  Throws: ApiError `not_found` for its block type, `conflict` for the type of a block in it. */
export async function createBlockSchema(
  context: Context,
  newSchema: NewBlockSchema,
): Promise<{ schema: BlockSchemaRow; created: boolean }> {
  return retryOnDuplicate(() =>
    context.store.write(async (tx) => {
      if ((await blockTypeBy(tx, { id: newSchema.block_type_id })) === undefined) {
        throw new ApiError("not_found", `Block type ${newSchema.block_type_id} not found.`);
      }
      return add(context, tx, newSchema);
    }),
  );
}

/** Blocks nested more deeply are refused. */
const DEEPEST = 50;

async function add(
  context: Context,
  tx: Db,
  newSchema: NewBlockSchema,
  depth = 0,
): Promise<{ schema: BlockSchemaRow; created: boolean }> {
  const checksum = schemaChecksum(newSchema.fields);
  const known = await blockSchemaByChecksum(tx, checksum, newSchema.version);
  if (known !== undefined) return { schema: known, created: false };
  const now = context.clock.now();
  const references = asDocument(newSchema.fields.block_schema_references) ?? {};
  const schema: BlockSchemaRow = {
    id: context.ids.uuid4(),
    created: now,
    updated: now,
    checksum,
    version: newSchema.version,
    block_type_id: newSchema.block_type_id,
    fields: toJson({ ...newSchema.fields, block_schema_references: references }),
    capabilities: toJson(newSchema.capabilities),
  };
  await insertBlockSchema(tx, schema);
  for (const reference of Object.values(references).flat()) await addInner(context, tx, newSchema, reference, depth);
  return { schema, created: true };
}

async function addInner(
  context: Context,
  tx: Db,
  outer: NewBlockSchema,
  reference: unknown,
  depth: number,
): Promise<void> {
  const { block_type_slug: slug, block_schema_checksum: checksum } = asDocument(reference) ?? {};
  const type = typeof slug === "string" ? await blockTypeBy(tx, { slug }) : undefined;
  if (type === undefined) {
    throw new ApiError("conflict", `Cannot create block schema because block type '${slug}' was not found.`);
  }
  if (typeof checksum === "string" && (await blockSchemaByChecksum(tx, checksum, undefined)) !== undefined) return;
  const definitions = asDocument(outer.fields.definitions) ?? {};
  const own = Object.values(definitions).find((one) => asDocument(one)?.block_type_slug === slug);
  const fields = asDocument(own);
  if (fields === undefined || depth === DEEPEST) {
    throw new ApiError("conflict", `Cannot create block schema because block type '${slug}' is not defined in it.`);
  }
  const inner = { fields: withDefinitions(fields, definitions), block_type_id: type.id };
  await add(context, tx, { ...inner, capabilities: [], version: NO_VERSION }, depth + 1);
}

export const NO_VERSION = "non-versioned";

/** A definition on its own, with those it needs. */
function withDefinitions(fields: Document, definitions: Document): Document {
  const needed: Document = {};
  const want = (value: unknown): void => {
    for (const key of definitionsNamed(value)) {
      if (Object.hasOwn(needed, key) || !Object.hasOwn(definitions, key)) continue;
      needed[key] = definitions[key];
      want(definitions[key]);
    }
  };
  want(fields);
  return Object.keys(needed).length === 0 ? fields : { ...fields, definitions: needed };
}

/** Throws: ApiError `not_found`. */
export async function findBlockSchema(
  db: Db,
  by: { id: string } | { checksum: string; version: string | undefined },
): Promise<BlockSchemaRow> {
  const row = "id" in by ? await blockSchemaById(db, by.id) : await blockSchemaByChecksum(db, by.checksum, by.version);
  if (row === undefined) throw new ApiError("not_found", "Block schema not found");
  return row;
}

/** Throws: ApiError `not_found`, `forbidden` for those of the server's own types. */
export async function removeBlockSchema({ store }: Context, id: string): Promise<void> {
  await store.write(async (tx) => {
    const schema = await findBlockSchema(tx, { id });
    if ((await blockTypeBy(tx, { id: schema.block_type_id }))?.is_protected === 1) {
      throw new ApiError("forbidden", "Block schemas for protected block types cannot be deleted.");
    }
    await deleteBlockSchema(tx, id);
    await forgetLostStorage(tx);
  });
}
