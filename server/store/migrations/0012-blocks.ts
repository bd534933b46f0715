import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const blocks: Migration = {
  number: 12,
  name: "block types, schemas and documents",
  async up(schema, types) {
    const text = columnType(types.text);
    const integer = columnType(types.integer);
    await schema
      .createTable("block_type")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull().unique())
      .addColumn("slug", text, (column) => column.notNull().unique())
      .addColumn("logo_url", text)
      .addColumn("documentation_url", text)
      .addColumn("description", text)
      .addColumn("code_example", text)
      .addColumn("is_protected", integer, (column) => column.notNull())
      .execute();
    await schema
      .createTable("block_schema")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("checksum", text, (column) => column.notNull())
      .addColumn("version", text, (column) => column.notNull())
      .addColumn("block_type_id", text, (column) => column.notNull().references("block_type.id").onDelete("cascade"))
      .addColumn("fields", text, (column) => column.notNull())
      .addColumn("capabilities", text, (column) => column.notNull())
      .addUniqueConstraint("block_schema_key", ["checksum", "version"])
      .execute();
    await schema.createIndex("block_schema_by_type").on("block_schema").columns(["block_type_id"]).execute();
    await schema
      .createTable("block_document")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("data", text, (column) => column.notNull())
      .addColumn("is_anonymous", integer, (column) => column.notNull())
      .addColumn("block_type_id", text, (column) => column.notNull().references("block_type.id").onDelete("cascade"))
      .addColumn("block_schema_id", text, (column) =>
        column.notNull().references("block_schema.id").onDelete("cascade"),
      )
      .addUniqueConstraint("block_document_name_of_type", ["block_type_id", "name"])
      .execute();
    await schema.createIndex("block_document_by_name").on("block_document").columns(["name"]).execute();
    await schema.createIndex("block_document_by_schema").on("block_document").columns(["block_schema_id"]).execute();
    await schema
      .createTable("block_document_reference")
      .addColumn("parent_id", text, (column) => column.notNull().references("block_document.id").onDelete("cascade"))
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("reference_id", text, (column) => column.notNull().references("block_document.id").onDelete("cascade"))
      .addPrimaryKeyConstraint("block_document_reference_key", ["parent_id", "name"])
      .execute();
    await schema
      .createIndex("block_document_reference_by_target")
      .on("block_document_reference")
      .columns(["reference_id"])
      .execute();
    await schema
      .createTable("server_default")
      .addColumn("key", text, (column) => column.primaryKey())
      .addColumn("value", text, (column) => column.notNull())
      .execute();
  },
};
