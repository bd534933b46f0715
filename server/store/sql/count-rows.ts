import type { SelectQueryBuilder } from "kysely";

/** How many rows a query finds. */
export async function countRows<DB, T extends keyof DB, O>(query: SelectQueryBuilder<DB, T, O>): Promise<number> {
  const counted = query.select((eb) => eb.fn.countAll<number>().as("count")).$castTo<{ count: number }>();
  return (await counted.executeTakeFirstOrThrow()).count;
}
