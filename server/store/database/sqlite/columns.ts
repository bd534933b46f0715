import type { ColumnTypes } from "../../sql/column-types.ts";

export const columns: ColumnTypes = {
  text: "text",
  integer: "integer",
  real: "real",
};
