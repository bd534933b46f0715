import { sql } from "kysely";
import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const logs: Migration = {
  number: 8,
  name: "logs",
  async up(schema, types) {
    const text = columnType(types.text);
    await schema
      .createTable("log")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("level", columnType(types.integer), (column) => column.notNull())
      .addColumn("message", text, (column) => column.notNull())
      .addColumn("timestamp", text, (column) => column.notNull())
      // Not foreign keys: logs come late and in batches, and one line of a deleted run must not fail a batch.
      .addColumn("flow_run_id", text)
      .addColumn("task_run_id", text)
      .execute();
    await schema.createIndex("log_by_time").on("log").columns(["timestamp"]).execute();
    await schema.createIndex("log_by_flow_run").on("log").columns(["flow_run_id", "timestamp"]).execute();
    await schema
      .createIndex("log_by_task_run")
      .on("log")
      .columns(["task_run_id", "timestamp"])
      .where(sql.ref("task_run_id"), "is not", null)
      .execute();
  },
};
