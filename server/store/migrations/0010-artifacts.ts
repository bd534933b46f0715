import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const artifacts: Migration = {
  number: 10,
  name: "artifacts and their collections",
  async up(schema, types) {
    const text = columnType(types.text);
    await schema
      .createTable("artifact")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("key", text)
      .addColumn("type", text)
      .addColumn("description", text)
      .addColumn("data", text)
      .addColumn("metadata_", text)
      .addColumn("flow_run_id", text)
      .addColumn("task_run_id", text)
      .execute();
    await schema.createIndex("artifact_by_key").on("artifact").columns(["key", "created"]).execute();
    await schema.createIndex("artifact_by_flow_run").on("artifact").columns(["flow_run_id"]).execute();
    await schema.createIndex("artifact_by_task_run").on("artifact").columns(["task_run_id"]).execute();
    await schema
      .createTable("artifact_collection")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("key", text, (column) => column.notNull().unique())
      .addColumn("latest_id", text, (column) => column.notNull())
      .execute();
    await schema
      .createIndex("artifact_collection_by_latest")
      .on("artifact_collection")
      .columns(["latest_id"])
      .execute();
  },
};
