import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const automations: Migration = {
  number: 11,
  name: "automations and saved searches",
  async up(schema, types) {
    const text = columnType(types.text);
    const integer = columnType(types.integer);
    await schema
      .createTable("automation")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("description", text, (column) => column.notNull())
      .addColumn("enabled", integer, (column) => column.notNull())
      .addColumn("tags", text, (column) => column.notNull())
      .addColumn("trigger", text, (column) => column.notNull())
      .addColumn("actions", text, (column) => column.notNull())
      .addColumn("actions_on_trigger", text, (column) => column.notNull())
      .addColumn("actions_on_resolve", text, (column) => column.notNull())
      .execute();
    await schema.createIndex("automation_by_name").on("automation").columns(["name"]).execute();
    await schema
      .createTable("automation_resource")
      .addColumn("automation_id", text, (column) => column.notNull().references("automation.id").onDelete("cascade"))
      .addColumn("resource_id", text, (column) => column.notNull())
      .addColumn("owned", integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("automation_resource_key", ["resource_id", "automation_id"])
      .execute();
    await schema
      .createIndex("automation_resource_by_automation")
      .on("automation_resource")
      .columns(["automation_id"])
      .execute();
    await schema
      .createTable("saved_search")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull().unique())
      .addColumn("filters", text, (column) => column.notNull())
      .execute();
  },
};
