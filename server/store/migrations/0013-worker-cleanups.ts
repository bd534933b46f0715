import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const workerCleanups: Migration = {
  number: 13,
  name: "what workers have to clean up",
  async up(schema, types) {
    const text = columnType(types.text);
    const integer = columnType(types.integer);
    await schema
      .createTable("worker_cleanup")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("work_pool_id", text, (column) => column.notNull().references("work_pool.id").onDelete("cascade"))
      .addColumn("work_queue_id", text)
      .addColumn("kind", text, (column) => column.notNull())
      .addColumn("target", text, (column) => column.notNull())
      .addColumn("deliveries", integer, (column) => column.notNull())
      .addColumn("holder", text)
      .addColumn("token", text)
      .addColumn("lease_expires", text)
      .execute();
    await schema
      .createIndex("worker_cleanup_by_pool")
      .on("worker_cleanup")
      .columns(["work_pool_id", "created"])
      .execute();
    await schema.createIndex("worker_cleanup_by_time").on("worker_cleanup").columns(["created"]).execute();
  },
};
