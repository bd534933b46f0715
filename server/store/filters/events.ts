import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Timestamp } from "../../values/timestamp.ts";
import { type Expressions, expressions } from "../sql/expressions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { type TextSearch, textSearchCondition } from "./text-search.ts";

/** Values a label may have, each a pattern (glob.ts) or, after a `!`, its opposite. A resource without the label never matches. */
export type LabelSpecification = Record<string, string | readonly string[]>;

type Texts = readonly string[] | null | undefined;

export interface EventNameFilter {
  prefix?: Texts;
  exclude_prefix?: Texts;
  name?: Texts;
  exclude_name?: Texts;
}

/** For the resource that an event is about. */
export interface EventResourceFilter {
  id?: Texts;
  id_prefix?: Texts;
  labels?: LabelSpecification | null | undefined;
  /** Only the first event of each resource, in the filter's order. */
  distinct?: boolean;
}

export interface RelatedResourceFilter {
  id?: Texts;
  role?: Texts;
  resources_in_roles?: readonly (readonly [id: string, role: string])[] | null | undefined;
  labels?: LabelSpecification | null | undefined;
}

/** For any resource of an event. */
export type AnyResourceFilter = Omit<EventResourceFilter, "distinct">;

/** Criteria for events: all must match. Empty lists match everything, unlike in other filters.
 *  Source: prefect/server/events/filters.py. */
export interface EventFilter {
  /** Inclusive. */
  occurred: { since: Timestamp; until: Timestamp };
  event?: EventNameFilter | null | undefined;
  resource?: EventResourceFilter | null | undefined;
  related?: RelatedResourceFilter | readonly RelatedResourceFilter[] | null | undefined;
  any_resource?: AnyResourceFilter | readonly AnyResourceFilter[] | null | undefined;
  id?: { id?: Texts } | undefined;
  /** A parsed search. */
  text?: TextSearch | null | undefined;
  order: "ASC" | "DESC";
}

type Builder = ExpressionBuilder<Tables, "event">;
type Condition = Expression<SqlBool>;

/** The filter as a condition on rows of `event`. */
export function eventCondition(db: Db, eb: Builder, filter: EventFilter): Condition {
  const words = expressions(db);
  const list: Condition[] = [
    eb("event.occurred", ">=", filter.occurred.since),
    eb("event.occurred", "<=", filter.occurred.until),
    ...nameConditions(eb, words, filter.event ?? {}),
    ...resourceConditions(eb, words, filter.resource ?? {}),
  ];
  for (const one of listOf(filter.related)) list.push(...relatedConditions(eb, words, one, filter));
  for (const one of listOf(filter.any_resource)) list.push(...anyConditions(eb, words, one, filter));
  if (some(filter.id?.id)) list.push(words.isIn(eb.ref("event.id"), filter.id.id));
  if (filter.text != null)
    list.push(
      textSearchCondition(
        db,
        SEARCHED.map((column) => eb.ref(`event.${column}`)),
        filter.text,
      ),
    );
  return eb.and(list);
}

const SEARCHED = ["event", "resource", "related", "payload"] as const;

function nameConditions(eb: Builder, words: Expressions, filter: EventNameFilter): Condition[] {
  const name = eb.ref("event.event");
  const list: Condition[] = [];
  if (some(filter.prefix)) list.push(startsWithAny(eb, name, filter.prefix));
  if (some(filter.exclude_prefix)) list.push(eb.not(startsWithAny(eb, name, filter.exclude_prefix)));
  if (some(filter.name)) list.push(words.isIn(name, filter.name));
  if (some(filter.exclude_name)) list.push(eb.not(words.isIn(name, filter.exclude_name)));
  return list;
}

function resourceConditions(eb: Builder, words: Expressions, filter: EventResourceFilter): Condition[] {
  const id = eb.ref("event.resource_id");
  const list: Condition[] = [];
  if (some(filter.id)) list.push(words.isIn(id, filter.id));
  if (some(filter.id_prefix)) list.push(startsWithAny(eb, id, filter.id_prefix));
  if (filter.labels != null) list.push(labelCondition(eb, words, eb.ref("event.resource"), filter.labels));
  return list;
}

/** All criteria must match the same related resource. */
function relatedConditions(
  eb: Builder,
  words: Expressions,
  filter: RelatedResourceFilter,
  { occurred }: EventFilter,
): Condition[] {
  const hasCriteria = some(filter.id) || some(filter.role) || some(filter.resources_in_roles) || filter.labels != null;
  if (!hasCriteria) return [];
  const inRoles = filter.resources_in_roles ?? [];
  const ids = [...(filter.id ?? []), ...inRoles.map(([id]) => id)];
  const list: Condition[] = [];
  // The index finds the few candidates; their own lists decide.
  if (ids.length > 0)
    list.push(
      eb(
        "event.id",
        "in",
        eventsOf(eb, occurred, (id) => words.isIn(id, ids)),
      ),
    );
  list.push(
    words.anyElement(eb.ref("event.related"), (related) => {
      const id = words.member(related, ID);
      const role = words.member(related, ROLE);
      const all: Condition[] = [];
      if (some(filter.id)) all.push(words.isIn(id, filter.id));
      if (some(filter.role)) all.push(words.isIn(role, filter.role));
      if (inRoles.length > 0) {
        all.push(
          eb.or(inRoles.map(([relatedId, wantedRole]) => eb.and([eb(id, "=", relatedId), eb(role, "=", wantedRole)]))),
        );
      }
      if (filter.labels != null) all.push(labelCondition(eb, words, related, filter.labels));
      return eb.and(all);
    }),
  );
  return list;
}

function anyConditions(
  eb: Builder,
  words: Expressions,
  filter: AnyResourceFilter,
  { occurred }: EventFilter,
): Condition[] {
  const { id, id_prefix, labels } = filter;
  const list: Condition[] = [];
  // The same resource must match all criteria.
  const identified = (column: Expression<string | null>): Condition[] => [
    ...(some(id) ? [words.isIn(column, id)] : []),
    ...(some(id_prefix) ? [startsWithAny(eb, column, id_prefix)] : []),
  ];
  if (some(id) || some(id_prefix)) {
    list.push(
      eb(
        "event.id",
        "in",
        eventsOf(eb, occurred, (column) => eb.and(identified(column))),
      ),
    );
  }
  if (labels == null) return list;
  const fits = (resource: Expression<unknown>): Condition =>
    eb.and([labelCondition(eb, words, resource, labels), ...identified(words.member(resource, ID))]);
  list.push(eb.or([fits(eb.ref("event.resource")), words.anyElement(eb.ref("event.related"), fits)]));
  return list;
}

const ID = "prefect.resource.id";
const ROLE = "prefect.resource.role";

function eventsOf(
  eb: Builder,
  { since, until }: EventFilter["occurred"],
  condition: (id: Expression<string>) => Condition,
) {
  return eb
    .selectFrom("event_resource")
    .select("event_resource.event_id")
    .where("event_resource.occurred", ">=", since)
    .where("event_resource.occurred", "<=", until)
    .where((inner) => condition(inner.ref("event_resource.resource_id")));
}

function labelCondition(
  eb: Builder,
  words: Expressions,
  resource: Expression<unknown>,
  labels: LabelSpecification,
): Condition {
  return eb.and(
    Object.entries(labels).map(([label, expected]) => {
      const value = words.member(resource, label);
      const patterns = typeof expected === "string" ? [expected] : expected;
      return eb.or(
        patterns.map((pattern) =>
          pattern.startsWith("!")
            ? eb.and([eb(value, "is not", null), eb.not(words.glob(value, pattern.slice(1)))])
            : words.glob(value, pattern),
        ),
      );
    }),
  );
}

/** As a range, which can use an index: text is compared byte by byte. */
function startsWithAny(eb: Builder, column: Expression<string | null>, prefixes: readonly string[]): Condition {
  return eb.or(prefixes.map((prefix) => eb.and([eb(column, ">=", prefix), eb(column, "<", `${prefix}\u{10ffff}`)])));
}

function some<T>(list: readonly T[] | null | undefined): list is readonly T[] {
  return list != null && list.length > 0;
}

function listOf<T extends object>(value: T | readonly T[] | null | undefined): readonly T[] {
  if (value == null) return [];
  return Array.isArray(value) ? value : [value as T];
}
