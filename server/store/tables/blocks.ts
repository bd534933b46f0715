import type { Timestamp } from "../../values/timestamp.ts";
import type { Flag } from "./flag.ts";

export interface BlockTables {
  block_type: BlockTypeRow;
  block_schema: BlockSchemaRow;
  block_document: BlockDocumentRow;
  block_document_reference: BlockDocumentReferenceRow;
  server_default: ServerDefaultRow;
}

export interface BlockTypeRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  slug: string;
  logo_url: string | null;
  documentation_url: string | null;
  description: string | null;
  code_example: string | null;
  is_protected: Flag;
}

/** Unique by checksum and version. */
export interface BlockSchemaRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  checksum: string;
  version: string;
  block_type_id: string;
  /** JSON object: a JSON Schema, with all its definitions. */
  fields: string;
  /** JSON list of strings. */
  capabilities: string;
}

/** Unique by type and name. */
export interface BlockDocumentRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  /** JSON object, secrets in plain text, without the members that refer to other documents. */
  data: string;
  is_anonymous: Flag;
  block_type_id: string;
  block_schema_id: string;
}

/** A member of a document's data that refers to another document. */
export interface BlockDocumentReferenceRow {
  parent_id: string;
  name: string;
  reference_id: string;
}

/** Settings of the whole server. */
export interface ServerDefaultRow {
  key: "result-storage";
  /** A block document's id. */
  value: string;
}
