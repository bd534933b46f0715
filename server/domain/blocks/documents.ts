import {
  blockDocumentById,
  blockSchemaById,
  blockTypeBy,
  deleteBlockDocument,
  insertBlockDocument,
  referencesOf,
  replaceReferences,
  updateBlockDocument,
} from "../../store/queries/blocks.ts";
import { lockRows } from "../../store/sql/lock-rows.ts";
import type { Db } from "../../store/store.ts";
import type { BlockDocumentReferenceRow, BlockDocumentRow } from "../../store/tables/blocks.ts";
import { parseJson, toJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { conflictOnDuplicate } from "../duplicates.ts";
import { asDocument } from "./checksum.ts";
import { forgetLostStorage } from "./result-storage.ts";
import { keepSecrets } from "./secrets.ts";

type Document = Record<string, unknown>;

export interface NewBlockDocument {
  /** Only anonymous ones have none: they get one. */
  name: string | null;
  data: Document;
  is_anonymous: boolean;
  block_type_id: string;
  block_schema_id: string;
}

export interface BlockDocumentChanges {
  data?: Document | undefined;
  block_schema_id?: string | null | undefined;
  /** Missing members keep their values. */
  merge_existing_data: boolean;
}

/** Throws: ApiError `conflict` for a name that is taken, `not_found` for type or schema, `bad_request` for a bad reference. */
export async function createBlockDocument(context: Context, newDocument: NewBlockDocument): Promise<BlockDocumentRow> {
  const { ids, clock, store } = context;
  return conflictOnDuplicate("Block already exists", () =>
    store.write(async (tx) => {
      if ((await blockTypeBy(tx, { id: newDocument.block_type_id })) === undefined) {
        throw new ApiError("not_found", `Block type ${newDocument.block_type_id} not found.`);
      }
      if ((await blockSchemaById(tx, newDocument.block_schema_id)) === undefined) {
        throw new ApiError("not_found", `Block schema ${newDocument.block_schema_id} not found.`);
      }
      const now = clock.now();
      const id = ids.uuid4();
      const { data, references } = separate(id, newDocument.data);
      const row: BlockDocumentRow = {
        id,
        created: now,
        updated: now,
        name: newDocument.name ?? `anonymous-${ids.uuid4()}`,
        data: toJson(data),
        is_anonymous: newDocument.is_anonymous ? 1 : 0,
        block_type_id: newDocument.block_type_id,
        block_schema_id: newDocument.block_schema_id,
      };
      await insertBlockDocument(tx, row);
      await refer(tx, id, references);
      return row;
    }),
  );
}

/** Throws: ApiError `not_found`, `bad_request` for a bad reference or a schema of another type. */
export async function changeBlockDocument(
  { store, clock }: Context,
  id: string,
  changes: BlockDocumentChanges,
): Promise<void> {
  await store.write(async (tx) => {
    await lockRows(tx, "block_document", [id]);
    const row = await blockDocumentById(tx, id);
    if (row === undefined) throw notFound();
    // As in Prefect: without data, nothing changes at all.
    if (changes.data === undefined) return;
    const current = parseJson(row.data) as Document;
    const { data, references } = separate(id, keepSecrets(changes.data, current, await secretFields(tx, row)));
    const schemaId = changes.block_schema_id ?? row.block_schema_id;
    if (schemaId !== row.block_schema_id) await checkSchema(tx, row, schemaId);
    await updateBlockDocument(tx, id, {
      updated: clock.now(),
      data: toJson(changes.merge_existing_data ? { ...current, ...data } : data),
      block_schema_id: schemaId,
    });
    await refer(tx, id, references);
  });
}

/** Throws: ApiError `not_found`. */
export async function removeBlockDocument({ store }: Context, id: string): Promise<void> {
  await store.write(async (tx) => {
    if ((await blockDocumentById(tx, id)) === undefined) throw notFound();
    await deleteBlockDocument(tx, id);
    await forgetLostStorage(tx);
  });
}

export function notFound(): ApiError {
  return new ApiError("not_found", "Block document not found");
}

async function secretFields(tx: Db, row: BlockDocumentRow): Promise<string[]> {
  const schema = await blockSchemaById(tx, row.block_schema_id);
  return secretFieldsOf(parseJson(schema?.fields ?? "{}") as Document);
}

export function secretFieldsOf({ secret_fields }: Document): string[] {
  return Array.isArray(secret_fields) ? secret_fields.filter((field) => typeof field === "string") : [];
}

async function checkSchema(tx: Db, row: BlockDocumentRow, schemaId: string): Promise<void> {
  const schema = await blockSchemaById(tx, schemaId);
  if (schema === undefined) throw new ApiError("bad_request", `Block schema ${schemaId} not found`);
  if (schema.block_type_id !== row.block_type_id) {
    throw new ApiError("bad_request", "Must migrate block document to a block schema of the same block type.");
  }
}

/** Members that refer to other documents are stored as references. */
function separate(parentId: string, document: Document): { data: Document; references: BlockDocumentReferenceRow[] } {
  const data: Document = {};
  const references: BlockDocumentReferenceRow[] = [];
  for (const [name, value] of Object.entries(document)) {
    const member = asDocument(value);
    if (member === undefined || !Object.hasOwn(member, "$ref")) {
      data[name] = value;
      continue;
    }
    const target = asDocument(member.$ref)?.block_document_id;
    if (typeof target !== "string") {
      throw new ApiError("bad_request", `Received block reference without a block_document_id in key ${name}`);
    }
    references.push({ parent_id: parentId, name, reference_id: target });
  }
  return { data, references };
}

/** Throws: ApiError `bad_request` for a document that would be part of itself. */
async function refer(tx: Db, id: string, references: readonly BlockDocumentReferenceRow[]): Promise<void> {
  const visited = new Set<string>();
  let next = references.map((reference) => reference.reference_id);
  while (next.length > 0) {
    if (next.includes(id)) {
      throw new ApiError("bad_request", "Cannot create block document reference: it would introduce a cycle.");
    }
    for (const one of next) visited.add(one);
    // Two writes that together would close a cycle wait for each other, and the second one sees the first one's references.
    await lockRows(tx, "block_document", next);
    next = (await referencesOf(tx, next)).map((row) => row.reference_id).filter((one) => !visited.has(one));
  }
  await replaceReferences(tx, id, references);
}
