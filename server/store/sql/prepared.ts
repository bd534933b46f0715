import type { Compilable, CompiledQuery } from "kysely";
import type { Db } from "../store.ts";

/** Stands for a parameter while the query is built. */
class Placeholder {
  readonly index: number;
  constructor(index: number) {
    this.index = index;
  }
}

/** A query that is built and compiled once per database kind, for paths where building costs more than running it.
 *  `build` must treat its arguments as opaque values: they are only placeholders. */
export function prepared<A extends readonly unknown[], R>(
  build: (db: Db, ...args: A) => Compilable<R>,
): (db: Db, ...args: A) => Promise<R[]> {
  const compiled = new WeakMap<object, CompiledQuery<R>>();
  return async (db, ...args) => {
    const kind = db.getExecutor().adapter.constructor;
    let query = compiled.get(kind);
    if (query === undefined) {
      const placeholders: readonly unknown[] = args.map((_, index) => new Placeholder(index));
      query = build(db, ...(placeholders as A)).compile();
      compiled.set(kind, query);
    }
    const parameters = query.parameters.map((value) => (value instanceof Placeholder ? args[value.index] : value));
    const bound: CompiledQuery<R> = { ...query, parameters };
    return (await db.executeQuery(bound)).rows;
  };
}
