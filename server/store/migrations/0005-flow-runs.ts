import { type CreateTableBuilder, sql } from "kysely";
import { type ColumnTypes, columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const flowRuns: Migration = {
  number: 5,
  name: "flows, flow runs and their states",
  async up(schema, types) {
    const text = columnType(types.text);
    const integer = columnType(types.integer);
    await schema
      .createTable("flow")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull().unique())
      .addColumn("tags", text, (column) => column.notNull())
      .addColumn("labels", text, (column) => column.notNull())
      .execute();
    await runColumns(schema.createTable("flow_run"), types)
      .addColumn("flow_id", text, (column) => column.notNull().references("flow.id").onDelete("cascade"))
      // Not a foreign key: finished runs outlive their deployment.
      .addColumn("deployment_id", text)
      .addColumn("deployment_version", text)
      .addColumn("work_queue_id", text, (column) => column.references("work_queue.id").onDelete("set null"))
      .addColumn("work_queue_name", text)
      .addColumn("flow_version", text)
      .addColumn("parameters", text, (column) => column.notNull())
      .addColumn("idempotency_key", text)
      .addColumn("context", text, (column) => column.notNull())
      // Not a foreign key: flow runs and task runs would refer to each other. The queries keep it consistent.
      .addColumn("parent_task_run_id", text)
      .addColumn("auto_scheduled", integer, (column) => column.notNull())
      .addColumn("retries_in_process", integer, (column) => column.notNull())
      .addColumn("infrastructure_document_id", text)
      .addColumn("infrastructure_pid", text)
      .addColumn("created_by", text)
      .addColumn("job_variables", text)
      .addUniqueConstraint("flow_run_idempotency_key", ["flow_id", "idempotency_key"])
      .execute();
    const index = (name: string, columns: string[]) =>
      schema.createIndex(`flow_run_${name}`).on("flow_run").columns(columns);
    // For polls and for counting slots in use: both select by queue and state type.
    await index("by_queue", ["work_queue_id", "state_type", "next_scheduled_start_time"])
      .where(sql.ref("work_queue_id"), "is not", null)
      .execute();
    await index("by_deployment", ["deployment_id", "state_type", "next_scheduled_start_time"])
      .where(sql.ref("deployment_id"), "is not", null)
      .execute();
    await index("by_parent", ["parent_task_run_id"]).where(sql.ref("parent_task_run_id"), "is not", null).execute();
    // Late runs are found by state name, other services select by state type and age.
    await index("by_state_name", ["state_name", "next_scheduled_start_time"]).execute();
    await index("by_state_type", ["state_type", "state_timestamp"]).execute();
    // For sorting lists.
    await index("by_name", ["name"]).execute();
    await index("by_expected_start", ["expected_start_time"]).execute();
    await index("by_next_start", ["next_scheduled_start_time"])
      .where(sql.ref("next_scheduled_start_time"), "is not", null)
      .execute();
    await index("by_end", ["end_time"]).execute();
    await schema
      .createIndex("flow_run_by_start")
      .on("flow_run")
      .expression(sql`coalesce(start_time, expected_start_time)`)
      .execute();
    await stateColumns(schema.createTable("flow_run_state"), types)
      .addColumn("flow_run_id", text, (column) => column.notNull().references("flow_run.id").onDelete("cascade"))
      .addUniqueConstraint("flow_run_state_in_time", ["flow_run_id", "timestamp"])
      .execute();
    await schema
      .createTable("flow_run_input")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("flow_run_id", text, (column) => column.notNull().references("flow_run.id").onDelete("cascade"))
      .addColumn("key", text, (column) => column.notNull())
      .addColumn("value", text, (column) => column.notNull())
      .addColumn("sender", text)
      .addUniqueConstraint("flow_run_input_key", ["flow_run_id", "key"])
      .execute();
  },
};

type Columns = CreateTableBuilder<string, string>;

/** What flow runs and task runs have in common. */
export function runColumns(table: Columns, types: ColumnTypes): Columns {
  const text = columnType(types.text);
  const integer = columnType(types.integer);
  return table
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("created", text, (column) => column.notNull())
    .addColumn("updated", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("state_id", text)
    .addColumn("state_type", text)
    .addColumn("state_name", text)
    .addColumn("state_timestamp", text)
    .addColumn("run_count", integer, (column) => column.notNull())
    .addColumn("expected_start_time", text)
    .addColumn("next_scheduled_start_time", text)
    .addColumn("start_time", text)
    .addColumn("end_time", text)
    .addColumn("total_run_time", columnType(types.real), (column) => column.notNull())
    .addColumn("tags", text, (column) => column.notNull())
    .addColumn("labels", text, (column) => column.notNull())
    .addColumn("empirical_policy", text, (column) => column.notNull());
}

/** What the states of both have in common. */
export function stateColumns(table: Columns, types: ColumnTypes): Columns {
  const text = columnType(types.text);
  return table
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("type", text, (column) => column.notNull())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("timestamp", text, (column) => column.notNull())
    .addColumn("message", text)
    .addColumn("data", text)
    .addColumn("state_details", text, (column) => column.notNull());
}
