import type { Timestamp } from "../../values/timestamp.ts";
import { type EventFilter, eventCondition } from "../filters/events.ts";
import { expressions } from "../sql/expressions.ts";
import { insertMany } from "../sql/insert-many.ts";
import type { Page } from "../sql/page.ts";
import type { Db } from "../store.ts";
import type { EventResourceRow, EventRow } from "../tables/events.ts";

const insertNew = insertMany<EventRow, { id: string }>(
  ["id", "occurred", "received", "event", "resource_id", "resource", "related", "payload", "follows"],
  (db, rows) =>
    db
      .insertInto("event")
      .values(rows)
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id"),
);

const insertResources = insertMany<EventResourceRow, unknown>(
  ["event_id", "occurred", "resource_id", "resource_role"],
  (db, rows) => db.insertInto("event_resource").values(rows),
);

/** Inserts the events that are new, with their resources. Returns the ids of those. Ids must be distinct. */
export async function insertEvents(
  tx: Db,
  events: readonly EventRow[],
  resources: readonly EventResourceRow[],
): Promise<ReadonlySet<string>> {
  const inserted = new Set((await insertNew(tx, events)).map((row) => row.id));
  await insertResources(
    tx,
    resources.filter((resource) => inserted.has(resource.event_id)),
  );
  return inserted;
}

/** In the filter's order. */
export async function listEvents(db: Db, filter: EventFilter, page: Page): Promise<EventRow[]> {
  const direction = filter.order === "ASC" ? "asc" : "desc";
  const matching = db
    .selectFrom("event")
    .selectAll("event")
    .where((eb) => eventCondition(db, eb, filter));
  if (!filter.resource?.distinct) {
    return matching
      .orderBy("event.occurred", direction)
      .orderBy("event.id", direction)
      .limit(page.limit)
      .offset(page.offset)
      .execute();
  }
  const ranked = matching.select((eb) =>
    eb.fn
      .agg<number>("row_number")
      .over((over) =>
        over.partitionBy("event.resource_id").orderBy("event.occurred", direction).orderBy("event.id", direction),
      )
      .as("place"),
  );
  return db
    .selectFrom(ranked.as("ranked"))
    .select(["id", "occurred", "received", "event", "resource_id", "resource", "related", "payload", "follows"])
    .where("place", "=", 1)
    .orderBy("occurred", direction)
    .orderBy("id", direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

/** Events in ascending order, after `after` (keyset pagination). */
export async function eventsAfter(
  db: Db,
  filter: EventFilter,
  after: Pick<EventRow, "occurred" | "id"> | undefined,
  limit: number,
): Promise<EventRow[]> {
  let query = db
    .selectFrom("event")
    .selectAll("event")
    .where((eb) => eventCondition(db, eb, filter));
  if (after !== undefined) {
    const { occurred, id } = after;
    query = query.where((eb) =>
      eb.or([eb("occurred", ">", occurred), eb.and([eb("occurred", "=", occurred), eb("id", ">", id)])]),
    );
  }
  return query.orderBy("occurred").orderBy("id").limit(limit).execute();
}

export async function countEvents(db: Db, filter: EventFilter): Promise<number> {
  const row = await db
    .selectFrom("event")
    .where((eb) => eventCondition(db, eb, filter))
    .select((eb) =>
      (filter.resource?.distinct ? eb.fn.count<number>("event.resource_id").distinct() : eb.fn.countAll<number>()).as(
        "count",
      ),
    )
    .executeTakeFirstOrThrow();
  return row.count;
}

export interface EventGroup {
  value: string;
  /** The latest one, where one value has had several. */
  label: string;
  count: number;
  oldest: Timestamp;
  latest: Timestamp;
}

/** The events of each name, or about each resource. */
export async function countEventsBy(db: Db, filter: EventFilter, by: "event" | "resource"): Promise<EventGroup[]> {
  const words = expressions(db);
  return db
    .selectFrom("event")
    .where((eb) => eventCondition(db, eb, filter))
    .select((eb) => {
      const value = by === "event" ? eb.ref("event.event") : eb.ref("event.resource_id");
      const name = (label: string) => words.member(eb.ref("event.resource"), label);
      return [
        value.as("value"),
        (by === "event"
          ? value
          : eb.fn.coalesce(name("prefect.resource.name"), name("prefect.name"), value).$castTo<string>()
        ).as("label"),
        eb.fn.countAll<number>().as("count"),
        eb.fn.min("event.occurred").as("oldest"),
        eb.fn.max("event.occurred").as("latest"),
      ];
    })
    .groupBy(["value", "label"])
    .execute();
}

/** How many events are in each span of `seconds`, counted from `origin` (seconds since 1970). */
export async function countEventsInSpans(
  db: Db,
  filter: EventFilter,
  span: { origin: number; seconds: number },
): Promise<{ index: number; count: number }[]> {
  const epoch = expressions(db).epochSeconds;
  return db
    .selectFrom("event")
    .where((eb) => eventCondition(db, eb, filter))
    .select((eb) => [
      eb
        .fn<number>("floor", [eb(eb.parens(epoch(eb.ref("event.occurred")), "-", span.origin), "/", span.seconds)])
        .as("index"),
      eb.fn.countAll<number>().as("count"),
    ])
    .groupBy("index")
    .orderBy("index")
    .execute();
}

/** Deletes up to `most` of the oldest events before a moment, with their resources. Returns how many. */
export async function deleteEventsBefore(tx: Db, before: Timestamp, most: number): Promise<number> {
  const oldest = await tx
    .selectFrom("event")
    .select(["id", "occurred"])
    .where("occurred", "<", before)
    .orderBy("occurred")
    .limit(most)
    .execute();
  const last = oldest.at(-1);
  if (last === undefined) return 0;
  await tx
    .deleteFrom("event")
    .where((eb) =>
      expressions(tx).isIn(
        eb.ref("id"),
        oldest.map((event) => event.id),
      ),
    )
    .execute();
  await tx
    .deleteFrom("event_resource")
    .where("occurred", "<=", last.occurred)
    .where((eb) =>
      expressions(tx).isIn(
        eb.ref("event_id"),
        oldest.map((event) => event.id),
      ),
    )
    .execute();
  return oldest.length;
}
