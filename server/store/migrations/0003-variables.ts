import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const variables: Migration = {
  number: 3,
  name: "variables",
  async up(schema, types) {
    const text = columnType(types.text);
    await schema
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
