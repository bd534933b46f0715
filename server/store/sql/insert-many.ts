import type { Compilable } from "kysely";
import type { Db } from "../store.ts";
import { prepared } from "./prepared.ts";

/** Rows per statement: few sizes, so that each is compiled and prepared once. */
const SIZES = [64, 32, 16, 8, 4, 2, 1] as const;

/** An insert of any number of rows in few statements. `build` gets rows of placeholders (prepared.ts); what its statements return is
 *  concatenated. */
export function insertMany<Row extends object, R>(
  columns: readonly (keyof Row & string)[],
  build: (db: Db, rows: Row[]) => Compilable<R>,
): (tx: Db, rows: readonly Row[]) => Promise<R[]> {
  const statements = SIZES.map((size) => ({
    size,
    run: prepared((db, ...values: unknown[]) => build(db, inRows<Row>(columns, values))),
  }));
  return async (tx, rows) => {
    const returned: R[] = [];
    let done = 0;
    for (const { size, run } of statements) {
      for (; rows.length - done >= size; done += size) {
        const values = rows.slice(done, done + size).flatMap((row) => columns.map((column) => row[column]));
        returned.push(...(await run(tx, ...values)));
      }
    }
    return returned;
  };
}

function inRows<Row extends object>(columns: readonly (keyof Row & string)[], values: readonly unknown[]): Row[] {
  return Array.from(
    { length: values.length / columns.length },
    (_, row) =>
      Object.fromEntries(columns.map((column, index) => [column, values[row * columns.length + index]])) as Row,
  );
}
