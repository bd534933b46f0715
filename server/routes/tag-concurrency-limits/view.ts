import { z } from "zod";
import { tagOf } from "../../domain/concurrency-limits/tag-limits.ts";
import { view } from "../../http/response/view-types.ts";
import { taskRunHolders } from "../../store/queries/leases.ts";
import type { Db } from "../../store/store.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import type { Timestamp } from "../../values/timestamp.ts";

export const tagLimitView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    tag: view.text,
    concurrency_limit: view.integer,
    /** Task runs that hold a slot. */
    active_slots: z.array(view.uuid),
  })
  .meta({ id: "ConcurrencyLimit" });

export async function presentTagLimits(
  db: Db,
  rows: readonly ConcurrencyLimitRow[],
  now: Timestamp,
): Promise<z.input<typeof tagLimitView>[]> {
  const holders =
    rows.length === 0
      ? undefined
      : await taskRunHolders(
          db,
          rows.map((row) => row.id),
          now,
        );
  return rows.map((row) => ({
    id: row.id,
    created: row.created,
    updated: row.updated,
    tag: tagOf(row),
    concurrency_limit: row.limit,
    active_slots: holders?.get(row.id) ?? [],
  }));
}

export async function presentTagLimit(
  db: Db,
  row: ConcurrencyLimitRow,
  now: Timestamp,
): Promise<z.input<typeof tagLimitView>> {
  return (await presentTagLimits(db, [row], now))[0] as z.input<typeof tagLimitView>;
}
