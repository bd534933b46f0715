import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const deployments: Migration = {
  number: 6,
  name: "deployments and their schedules",
  async up(schema, types) {
    const text = columnType(types.text);
    const integer = columnType(types.integer);
    await schema
      .createTable("deployment")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("flow_id", text, (column) => column.notNull().references("flow.id").onDelete("cascade"))
      .addColumn("description", text)
      .addColumn("version", text)
      .addColumn("path", text)
      .addColumn("entrypoint", text)
      .addColumn("paused", integer, (column) => column.notNull())
      .addColumn("tags", text, (column) => column.notNull())
      .addColumn("labels", text, (column) => column.notNull())
      .addColumn("parameters", text, (column) => column.notNull())
      .addColumn("parameter_openapi_schema", text)
      .addColumn("enforce_parameter_schema", integer, (column) => column.notNull())
      .addColumn("job_variables", text, (column) => column.notNull())
      .addColumn("pull_steps", text)
      .addColumn("work_queue_id", text, (column) => column.references("work_queue.id").onDelete("set null"))
      .addColumn("work_queue_name", text)
      .addColumn("concurrency_limit_id", text, (column) =>
        column.references("concurrency_limit.id").onDelete("set null"),
      )
      .addColumn("concurrency_options", text)
      .addColumn("storage_document_id", text)
      .addColumn("infrastructure_document_id", text)
      .addColumn("last_polled", text)
      .addColumn("status", text, (column) => column.notNull())
      .addColumn("created_by", text)
      .addColumn("updated_by", text)
      .addUniqueConstraint("deployment_name_of_flow", ["flow_id", "name"])
      .execute();
    await schema.createIndex("deployment_by_name").on("deployment").columns(["name", "id"]).execute();
    await schema.createIndex("deployment_by_queue").on("deployment").columns(["work_queue_id"]).execute();
    await schema.createIndex("deployment_by_limit").on("deployment").columns(["concurrency_limit_id"]).execute();
    await schema.createIndex("deployment_by_poll").on("deployment").columns(["status", "last_polled"]).execute();
    await schema
      .createTable("deployment_schedule")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("deployment_id", text, (column) => column.notNull().references("deployment.id").onDelete("cascade"))
      .addColumn("schedule", text, (column) => column.notNull())
      .addColumn("active", integer, (column) => column.notNull())
      .addColumn("max_scheduled_runs", integer)
      .addColumn("parameters", text, (column) => column.notNull())
      .addColumn("slug", text)
      .addColumn("due", text)
      .addUniqueConstraint("schedule_slug_of_deployment", ["deployment_id", "slug"])
      .execute();
    await schema.createIndex("deployment_schedule_by_due").on("deployment_schedule").columns(["due"]).execute();
  },
};
