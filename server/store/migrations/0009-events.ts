import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const events: Migration = {
  number: 9,
  name: "events and who takes part in them",
  async up(schema, types) {
    const text = columnType(types.text);
    await schema
      .createTable("event")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("occurred", text, (column) => column.notNull())
      .addColumn("received", text, (column) => column.notNull())
      .addColumn("event", text, (column) => column.notNull())
      .addColumn("resource_id", text, (column) => column.notNull())
      .addColumn("resource", text, (column) => column.notNull())
      .addColumn("related", text, (column) => column.notNull())
      .addColumn("payload", text, (column) => column.notNull())
      .addColumn("follows", text)
      .execute();
    await schema.createIndex("event_by_time").on("event").columns(["occurred", "id"]).execute();
    await schema.createIndex("event_by_resource").on("event").columns(["resource_id", "occurred"]).execute();
    await schema
      .createTable("event_resource")
      .addColumn("event_id", text, (column) => column.notNull())
      .addColumn("occurred", text, (column) => column.notNull())
      .addColumn("resource_id", text, (column) => column.notNull())
      .addColumn("resource_role", text, (column) => column.notNull())
      .execute();
    await schema
      .createIndex("event_resource_by_id")
      .on("event_resource")
      .columns(["resource_id", "occurred"])
      .execute();
    // For retention.
    await schema.createIndex("event_resource_by_time").on("event_resource").columns(["occurred"]).execute();
  },
};
