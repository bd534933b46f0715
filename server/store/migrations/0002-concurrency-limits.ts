import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const concurrencyLimits: Migration = {
  number: 2,
  name: "concurrency limits and leases",
  async up(schema, types) {
    const text = columnType(types.text);
    const integer = columnType(types.integer);
    const real = columnType(types.real);
    await schema
      .createTable("concurrency_limit")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull().unique())
      .addColumn("limit", integer, (column) => column.notNull())
      .addColumn("active", integer, (column) => column.notNull())
      .addColumn("active_slots", integer, (column) => column.notNull())
      .addColumn("active_since", text, (column) => column.notNull())
      .addColumn("denied_slots", integer, (column) => column.notNull())
      .addColumn("denied_since", text, (column) => column.notNull())
      .addColumn("slot_decay_per_second", real, (column) => column.notNull())
      .addColumn("avg_slot_occupancy_seconds", real, (column) => column.notNull())
      .execute();
    await schema
      .createTable("concurrency_lease")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("expires", text, (column) => column.notNull())
      .addColumn("slots", integer, (column) => column.notNull())
      .addColumn("holder_type", text)
      .addColumn("holder_id", text)
      .execute();
    await schema.createIndex("concurrency_lease_by_expiry").on("concurrency_lease").columns(["expires"]).execute();
    await schema
      .createTable("concurrency_lease_limit")
      .addColumn("lease_id", text, (column) => column.notNull().references("concurrency_lease.id").onDelete("cascade"))
      // Not a foreign key: a lease outlives a deleted limit, as in Prefect.
      .addColumn("limit_id", text, (column) => column.notNull())
      .addPrimaryKeyConstraint("concurrency_lease_limit_key", ["limit_id", "lease_id"])
      .execute();
    await schema
      .createIndex("concurrency_lease_limit_by_lease")
      .on("concurrency_lease_limit")
      .columns(["lease_id"])
      .execute();
  },
};
