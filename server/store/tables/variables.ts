import type { Timestamp } from "../../values/timestamp.ts";

export interface VariableTables {
  variable: VariableRow;
}

export interface VariableRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  /** JSON. */
  value: string;
  /** JSON list of strings. */
  tags: string;
}
