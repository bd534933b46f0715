import type { ColumnTypes } from "../columns.ts";

export const columns: ColumnTypes = {
  text: 'text collate "C"',
  integer: "bigint",
  real: "double precision",
};
