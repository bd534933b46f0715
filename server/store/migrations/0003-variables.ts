import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migrate.ts";

export const variables: Migration = {
  number: 3,
  name: "variables",
  async up(db, types) {
    const text = columnType(types.text);
    await db.schema
      .createTable("variable")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("name", text, (column) => column.notNull().unique())
      .addColumn("value", text, (column) => column.notNull())
      .addColumn("tags", text, (column) => column.notNull())
      .execute();
  },
};
