import type { SchemaModule } from "kysely";
import type { ColumnTypes } from "../sql/column-types.ts";

/** One step of the tables' history. Never changed once released: a new step follows instead. */
export interface Migration {
  /** Ascending from 1, without gaps. */
  readonly number: number;
  readonly name: string;
  up(schema: SchemaModule, types: ColumnTypes): Promise<void>;
}
