import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { Conditions, type Operator } from "../sql/conditions.ts";
import { countRows } from "../sql/count-rows.ts";
import { expressions } from "../sql/expressions.ts";
import type { Page } from "../sql/page.ts";
import type { Db } from "../store.ts";
import type { BlockDocumentReferenceRow, BlockDocumentRow, BlockSchemaRow, BlockTypeRow } from "../tables/blocks.ts";
import type { Tables } from "../tables/index.ts";

type Texts = string[] | null | undefined;

export interface BlockTypeFilter {
  name?: { like_?: string | null | undefined } | null | undefined;
  slug?: { any_?: Texts } | null | undefined;
}

export interface BlockSchemaFilter {
  operator?: Operator | undefined;
  block_type_id?: { any_?: Texts } | null | undefined;
  block_capabilities?: { all_?: Texts } | null | undefined;
  id?: { any_?: Texts } | null | undefined;
  version?: { any_?: Texts } | null | undefined;
}

export interface BlockDocumentFilter {
  operator?: Operator | undefined;
  id?: { any_?: Texts } | null | undefined;
  is_anonymous?: { eq_?: boolean | null | undefined } | null | undefined;
  block_type_id?: { any_?: Texts } | null | undefined;
  name?: { any_?: Texts; like_?: string | null | undefined } | null | undefined;
}

export interface BlockFilters {
  block_documents?: BlockDocumentFilter | undefined;
  block_types?: BlockTypeFilter | undefined;
  block_schemas?: BlockSchemaFilter | undefined;
}

export type BlockDocumentSort = "NAME_DESC" | "NAME_ASC" | "BLOCK_TYPE_AND_NAME_ASC";

export async function blockTypeBy(db: Db, by: { id: string } | { slug: string }): Promise<BlockTypeRow | undefined> {
  const query = db.selectFrom("block_type").selectAll();
  return ("id" in by ? query.where("id", "=", by.id) : query.where("slug", "=", by.slug)).executeTakeFirst();
}

export async function blockTypesById(db: Db, ids: readonly string[]): Promise<BlockTypeRow[]> {
  return db
    .selectFrom("block_type")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .execute();
}

/** By name. */
export async function listBlockTypes(db: Db, filters: BlockFilters, page: Page): Promise<BlockTypeRow[]> {
  let query = db.selectFrom("block_type").selectAll();
  if (filters.block_types !== undefined) query = query.where(typeCondition(db, filters.block_types));
  if (filters.block_schemas !== undefined) {
    const condition = schemaCondition(db, filters.block_schemas);
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom("block_schema")
          .select("block_schema.id")
          .whereRef("block_schema.block_type_id", "=", "block_type.id")
          .where(condition),
      ),
    );
  }
  return query.orderBy("name").limit(page.limit).offset(page.offset).execute();
}

export async function insertBlockType(tx: Db, row: BlockTypeRow): Promise<void> {
  await tx.insertInto("block_type").values(row).execute();
}

export async function updateBlockType(tx: Db, id: string, changes: Partial<BlockTypeRow>): Promise<void> {
  await tx.updateTable("block_type").set(changes).where("id", "=", id).execute();
}

/** Deletes its schemas and documents, too. */
export async function deleteBlockType(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("block_type").where("id", "=", id).execute();
}

export async function blockSchemaById(db: Db, id: string): Promise<BlockSchemaRow | undefined> {
  return db.selectFrom("block_schema").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Without a version: the newest one. */
export async function blockSchemaByChecksum(
  db: Db,
  checksum: string,
  version: string | undefined,
): Promise<BlockSchemaRow | undefined> {
  let query = db.selectFrom("block_schema").selectAll().where("checksum", "=", checksum);
  if (version !== undefined) query = query.where("version", "=", version);
  return query.orderBy("created", "desc").orderBy("id", "desc").limit(1).executeTakeFirst();
}

/** The newest first. */
export async function listBlockSchemas(db: Db, filter: BlockSchemaFilter, page: Page): Promise<BlockSchemaRow[]> {
  return db
    .selectFrom("block_schema")
    .selectAll()
    .where(schemaCondition(db, filter))
    .orderBy("created", "desc")
    .orderBy("id", "desc")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

/** Capabilities of any schema, as they are stored: JSON lists. */
export async function allCapabilities(db: Db): Promise<string[]> {
  const rows = await db.selectFrom("block_schema").select("capabilities").distinct().execute();
  return rows.map((row) => row.capabilities);
}

export async function insertBlockSchema(tx: Db, row: BlockSchemaRow): Promise<void> {
  await tx.insertInto("block_schema").values(row).execute();
}

/** Deletes its documents, too. */
export async function deleteBlockSchema(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("block_schema").where("id", "=", id).execute();
}

export async function blockDocumentById(db: Db, id: string): Promise<BlockDocumentRow | undefined> {
  return db.selectFrom("block_document").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function blockDocumentByName(db: Db, typeId: string, name: string): Promise<BlockDocumentRow | undefined> {
  return db
    .selectFrom("block_document")
    .selectAll()
    .where("block_type_id", "=", typeId)
    .where("name", "=", name)
    .executeTakeFirst();
}

export async function listBlockDocuments(
  db: Db,
  filters: BlockFilters,
  sort: BlockDocumentSort,
  page: Page,
): Promise<BlockDocumentRow[]> {
  let query = documentsMatching(db, filters).selectAll("block_document");
  if (sort === "BLOCK_TYPE_AND_NAME_ASC") query = query.orderBy("block_type.name");
  return query
    .orderBy("block_document.name", sort === "NAME_DESC" ? "desc" : "asc")
    .orderBy("block_document.id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countBlockDocuments(db: Db, filters: BlockFilters): Promise<number> {
  return countRows(documentsMatching(db, filters));
}

export async function insertBlockDocument(tx: Db, row: BlockDocumentRow): Promise<void> {
  await tx.insertInto("block_document").values(row).execute();
}

export async function updateBlockDocument(tx: Db, id: string, changes: Partial<BlockDocumentRow>): Promise<void> {
  await tx.updateTable("block_document").set(changes).where("id", "=", id).execute();
}

export async function deleteBlockDocument(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("block_document").where("id", "=", id).execute();
}

/** What these documents refer to. */
export async function referencesOf(db: Db, parentIds: readonly string[]): Promise<BlockDocumentReferenceRow[]> {
  return db
    .selectFrom("block_document_reference")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("parent_id"), parentIds))
    .orderBy("name")
    .execute();
}

export async function blockDocumentsById(db: Db, ids: readonly string[]): Promise<BlockDocumentRow[]> {
  return db
    .selectFrom("block_document")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .execute();
}

export async function blockSchemasById(db: Db, ids: readonly string[]): Promise<BlockSchemaRow[]> {
  return db
    .selectFrom("block_schema")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .execute();
}

/** Replaces the references of a document. */
export async function replaceReferences(
  tx: Db,
  parentId: string,
  references: readonly BlockDocumentReferenceRow[],
): Promise<void> {
  await tx.deleteFrom("block_document_reference").where("parent_id", "=", parentId).execute();
  if (references.length > 0)
    await tx
      .insertInto("block_document_reference")
      .values([...references])
      .execute();
}

export async function serverDefault(db: Db, key: "result-storage"): Promise<string | null> {
  const row = await db.selectFrom("server_default").select("value").where("key", "=", key).executeTakeFirst();
  return row?.value ?? null;
}

export async function setServerDefault(tx: Db, key: "result-storage", value: string): Promise<void> {
  await tx
    .insertInto("server_default")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}

export async function clearServerDefault(tx: Db, key: "result-storage"): Promise<void> {
  await tx.deleteFrom("server_default").where("key", "=", key).execute();
}

function documentsMatching(db: Db, { block_documents, block_types, block_schemas }: BlockFilters) {
  let query = db
    .selectFrom("block_document")
    .innerJoin("block_type", "block_type.id", "block_document.block_type_id")
    .innerJoin("block_schema", "block_schema.id", "block_document.block_schema_id")
    .where(documentCondition(db, block_documents ?? { is_anonymous: { eq_: false } }));
  if (block_types !== undefined) query = query.where(typeCondition(db, block_types));
  if (block_schemas !== undefined) query = query.where(schemaCondition(db, block_schemas));
  return query;
}

function typeCondition(db: Db, filter: BlockTypeFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "block_type">();
  return new Conditions(db, eb)
    .like(eb.ref("block_type.name"), filter.name?.like_)
    .isIn(eb.ref("block_type.slug"), filter.slug?.any_)
    .join();
}

function schemaCondition(db: Db, filter: BlockSchemaFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "block_schema">();
  return new Conditions(db, eb)
    .column(eb.ref("block_schema.block_type_id"), filter.block_type_id)
    .member(filter.block_capabilities, (conditions, { all_ }) =>
      conditions.containsAll(eb.ref("block_schema.capabilities"), all_),
    )
    .column(eb.ref("block_schema.id"), filter.id)
    .column(eb.ref("block_schema.version"), filter.version)
    .join(filter.operator);
}

function documentCondition(db: Db, filter: BlockDocumentFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "block_document">();
  return new Conditions(db, eb)
    .column(eb.ref("block_document.id"), filter.id)
    .member(filter.is_anonymous, (conditions, { eq_ }) =>
      conditions.add(eq_ == null ? undefined : eb("block_document.is_anonymous", "=", eq_ ? 1 : 0)),
    )
    .column(eb.ref("block_document.block_type_id"), filter.block_type_id)
    .column(eb.ref("block_document.name"), filter.name)
    .join(filter.operator);
}
