import type { Compilable, CompiledQuery } from "kysely";
import type { Db } from "../store.ts";

/** Stands for a parameter while the query is built. */
class Slot {
  readonly index: number;
  constructor(index: number) {
    this.index = index;
  }
}

/** A query that is built and compiled once per database kind, for paths where building costs more than running it.
 *  `build` must treat its arguments as opaque values: they are only stand-ins. */
export function prepared<A extends readonly unknown[], R>(
  build: (db: Db, ...args: A) => Compilable<R>,
): (db: Db, ...args: A) => Promise<R[]> {
  const compiled = new WeakMap<object, CompiledQuery<R>>();
  return async (db, ...args) => {
    const kind = db.getExecutor().adapter.constructor;
    let query = compiled.get(kind);
    if (query === undefined) {
      query = build(db, ...(args.map((_, index) => new Slot(index)) as unknown as A)).compile();
      compiled.set(kind, query);
    }
    const parameters = query.parameters.map((value) => (value instanceof Slot ? args[value.index] : value));
    const bound: CompiledQuery<R> = { ...query, parameters };
    return (await db.executeQuery(bound)).rows;
  };
}
