import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const workPools: Migration = {
  number: 1,
  name: "work pools, their queues and workers",
  async up(schema, types) {
    const text = columnType(types.text);
    const integer = columnType(types.integer);
    await schema
      .createTable("work_pool")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull().unique())
      .addColumn("type", text, (column) => column.notNull())
      .addColumn("description", text)
      .addColumn("base_job_template", text, (column) => column.notNull())
      .addColumn("is_paused", integer, (column) => column.notNull())
      .addColumn("concurrency_limit", integer)
      .addColumn("storage_configuration", text, (column) => column.notNull())
      // Not a foreign key: pool and queue would refer to each other. domain/work-pools/work-queues.ts keeps the default queue from being deleted.
      .addColumn("default_queue_id", text, (column) => column.notNull())
      .addColumn("status", text)
      .execute();
    await schema
      .createTable("work_queue")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("description", text, (column) => column.notNull())
      .addColumn("is_paused", integer, (column) => column.notNull())
      .addColumn("concurrency_limit", integer)
      .addColumn("priority", integer, (column) => column.notNull())
      .addColumn("work_pool_id", text, (column) => column.notNull().references("work_pool.id").onDelete("cascade"))
      .addColumn("filter", text)
      .addColumn("last_polled", text)
      .addColumn("status", text, (column) => column.notNull())
      .addUniqueConstraint("work_queue_name_in_pool", ["work_pool_id", "name"])
      .execute();
    await schema.createIndex("work_queue_by_priority").on("work_queue").columns(["work_pool_id", "priority"]).execute();
    await schema.createIndex("work_queue_by_name").on("work_queue").columns(["name"]).execute();
    await schema
      .createTable("worker")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull())
      .addColumn("work_pool_id", text, (column) => column.notNull().references("work_pool.id").onDelete("cascade"))
      .addColumn("last_heartbeat_time", text, (column) => column.notNull())
      .addColumn("heartbeat_interval_seconds", integer)
      .addColumn("status", text, (column) => column.notNull())
      .addUniqueConstraint("worker_name_in_pool", ["work_pool_id", "name"])
      .execute();
    await schema
      .createIndex("worker_by_heartbeat")
      .on("worker")
      .columns(["work_pool_id", "last_heartbeat_time"])
      .execute();
  },
};
