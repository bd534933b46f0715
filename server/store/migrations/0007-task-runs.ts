import { columnType } from "../sql/column-types.ts";
import { runColumns, stateColumns } from "./0005-flow-runs.ts";
import type { Migration } from "./migration.ts";

export const taskRuns: Migration = {
  number: 7,
  name: "task runs and their states",
  async up(schema, types) {
    const text = columnType(types.text);
    await runColumns(schema.createTable("task_run"), types)
      .addColumn("flow_run_id", text, (column) => column.references("flow_run.id").onDelete("cascade"))
      .addColumn("task_key", text, (column) => column.notNull())
      .addColumn("dynamic_key", text, (column) => column.notNull())
      .addColumn("cache_key", text)
      .addColumn("cache_expiration", text)
      .addColumn("task_version", text)
      .addColumn("flow_run_run_count", columnType(types.integer), (column) => column.notNull())
      .addColumn("task_inputs", text, (column) => column.notNull())
      .addUniqueConstraint("task_run_key", ["flow_run_id", "task_key", "dynamic_key"])
      .execute();
    const index = (name: string, columns: string[]) =>
      schema.createIndex(`task_run_${name}`).on("task_run").columns(columns);
    await index("by_state_type", ["state_type", "state_timestamp"]).execute();
    await index("by_state_name", ["state_name"]).execute();
    await index("by_name", ["name"]).execute();
    await index("by_expected_start", ["expected_start_time"]).execute();
    await index("by_end", ["end_time"]).execute();
    await stateColumns(schema.createTable("task_run_state"), types)
      .addColumn("task_run_id", text, (column) => column.notNull().references("task_run.id").onDelete("cascade"))
      .addUniqueConstraint("task_run_state_in_time", ["task_run_id", "timestamp"])
      .execute();
    await schema
      .createTable("task_run_state_cache")
      .addColumn("task_run_state_id", text, (column) =>
        column.primaryKey().references("task_run_state.id").onDelete("cascade"),
      )
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("cache_key", text, (column) => column.notNull())
      .addColumn("cache_expiration", text)
      .execute();
    await schema
      .createIndex("task_run_state_cache_by_key")
      .on("task_run_state_cache")
      .columns(["cache_key", "created"])
      .execute();
  },
};
