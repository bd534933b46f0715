import { z } from "zod";
import { asDocument } from "../../domain/blocks/checksum.ts";
import { secretFieldsOf } from "../../domain/blocks/documents.ts";
import { hideSecrets } from "../../domain/blocks/secrets.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { blockDocumentsById, blockSchemasById, blockTypesById, referencesOf } from "../../store/queries/blocks.ts";
import type { Db } from "../../store/store.ts";
import type {
  BlockDocumentReferenceRow,
  BlockDocumentRow,
  BlockSchemaRow,
  BlockTypeRow,
} from "../../store/tables/blocks.ts";
import { parseJson } from "../../values/json.ts";

const row = { id: view.uuid, created: view.timestamp, updated: view.timestamp };

export const blockTypeView = z
  .strictObject({
    ...row,
    name: view.text,
    slug: view.text,
    logo_url: view.text.nullable(),
    documentation_url: view.text.nullable(),
    description: view.text.nullable(),
    code_example: view.text.nullable(),
    is_protected: view.flag,
  })
  .meta({ id: "BlockType" });

export const blockSchemaView = z
  .strictObject({
    ...row,
    checksum: view.text,
    fields: view.document,
    block_type_id: view.uuid,
    block_type: blockTypeView.nullable(),
    capabilities: view.json,
    version: view.text,
  })
  .meta({ id: "BlockSchema" });

export const blockDocumentView = z
  .strictObject({
    ...row,
    name: view.text,
    data: view.document,
    block_schema_id: view.uuid,
    block_schema: blockSchemaView.nullable(),
    block_type_id: view.uuid,
    block_type_name: view.text.nullable(),
    block_type: blockTypeView.nullable(),
    block_document_references: view.document,
    is_anonymous: view.flag,
  })
  .meta({ id: "BlockDocument" });

type SchemaView = z.input<typeof blockSchemaView>;
type DocumentView = z.input<typeof blockDocumentView>;

export function presentBlockType(type: BlockTypeRow): z.input<typeof blockTypeView> {
  return { ...type, is_protected: type.is_protected === 1 };
}

export async function presentBlockSchemas(db: Db, schemas: readonly BlockSchemaRow[]): Promise<SchemaView[]> {
  const types = byId(
    await blockTypesById(
      db,
      schemas.map((schema) => schema.block_type_id),
    ),
  );
  return schemas.map((schema) => presentBlockSchema(schema, types.get(schema.block_type_id)));
}

function presentBlockSchema(schema: BlockSchemaRow, type: BlockTypeRow | undefined): SchemaView {
  return {
    ...schema,
    fields: new JsonText(schema.fields),
    capabilities: new JsonText(schema.capabilities),
    block_type: type === undefined ? null : presentBlockType(type),
  };
}

/** The rows that documents are shown with, also those that are nested in them. */
interface Parts {
  documents: ReadonlyMap<string, BlockDocumentRow>;
  references: readonly BlockDocumentReferenceRow[];
  schemas: ReadonlyMap<string, BlockSchemaRow>;
  types: ReadonlyMap<string, BlockTypeRow>;
}

/** Nested documents are shown in `data`; secrets are hidden unless `includeSecrets`. */
export async function presentBlockDocuments(
  db: Db,
  rows: readonly BlockDocumentRow[],
  includeSecrets: boolean,
): Promise<DocumentView[]> {
  const parts = await partsOf(db, rows);
  return rows.map((document) => {
    const { data, references } = assemble(document, parts, includeSecrets);
    const type = parts.types.get(document.block_type_id);
    const schema = parts.schemas.get(document.block_schema_id);
    return {
      ...document,
      data,
      block_schema: schema === undefined ? null : presentBlockSchema(schema, parts.types.get(schema.block_type_id)),
      block_type_name: type?.name ?? null,
      block_type: type === undefined ? null : presentBlockType(type),
      block_document_references: references,
      is_anonymous: document.is_anonymous === 1,
    };
  });
}

async function partsOf(db: Db, rows: readonly BlockDocumentRow[]): Promise<Parts> {
  const documents = new Map(rows.map((document) => [document.id, document]));
  const references: BlockDocumentReferenceRow[] = [];
  for (let ids = [...documents.keys()]; ids.length > 0; ) {
    const found = await referencesOf(db, ids);
    references.push(...found);
    const missing = found.map((reference) => reference.reference_id).filter((id) => !documents.has(id));
    const inner = missing.length === 0 ? [] : await blockDocumentsById(db, missing);
    for (const document of inner) documents.set(document.id, document);
    ids = inner.map((document) => document.id);
  }
  const all = [...documents.values()];
  const schemas = await blockSchemasById(
    db,
    all.map((document) => document.block_schema_id),
  );
  const types = await blockTypesById(db, [
    ...all.map((document) => document.block_type_id),
    ...schemas.map((schema) => schema.block_type_id),
  ]);
  return { documents, references, schemas: byId(schemas), types: byId(types) };
}

interface Assembled {
  data: Record<string, unknown>;
  references: Record<string, unknown>;
}

function assemble(document: BlockDocumentRow, parts: Parts, includeSecrets: boolean): Assembled {
  const schema = parts.schemas.get(document.block_schema_id);
  const secretFields = secretFieldsOf(asDocument(parseJson(schema?.fields ?? "{}")) ?? {});
  const own = parseJson(document.data) as Record<string, unknown>;
  const data = includeSecrets ? own : hideSecrets(own, secretFields);
  const references: Record<string, unknown> = {};
  for (const { parent_id, name, reference_id } of parts.references) {
    const inner = parent_id === document.id ? parts.documents.get(reference_id) : undefined;
    if (inner === undefined) continue;
    const assembled = assemble(inner, parts, includeSecrets);
    const type = parts.types.get(inner.block_type_id);
    data[name] = assembled.data;
    references[name] = {
      block_document: {
        id: inner.id,
        name: inner.name,
        block_type: type === undefined ? null : presentBlockType(type),
        is_anonymous: inner.is_anonymous === 1,
        block_document_references: assembled.references,
      },
    };
  }
  return { data, references };
}

function byId<T extends { id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((one) => [one.id, one]));
}
