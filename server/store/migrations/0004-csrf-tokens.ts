import { columnType } from "../sql/column-types.ts";
import type { Migration } from "./migration.ts";

export const csrfTokens: Migration = {
  number: 4,
  name: "CSRF tokens",
  async up(schema, types) {
    const text = columnType(types.text);
    await schema
      .createTable("csrf_token")
      .addColumn("id", text, (column) => column.primaryKey())
      .addColumn("created", text, (column) => column.notNull())
      .addColumn("updated", text, (column) => column.notNull())
      .addColumn("client", text, (column) => column.notNull().unique())
      .addColumn("token", text, (column) => column.notNull())
      .addColumn("expiration", text, (column) => column.notNull())
      .execute();
  },
};
