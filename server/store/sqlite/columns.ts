import type { ColumnTypes } from "../columns.ts";

export const columns: ColumnTypes = {
  text: "text",
  integer: "integer",
  real: "real",
};
