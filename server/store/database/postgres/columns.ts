import type { ColumnTypes } from "../../sql/column-types.ts";

export const columns: ColumnTypes = {
  text: 'text collate "C"',
  integer: "bigint",
  real: "double precision",
};
