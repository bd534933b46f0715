import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { type Event, writeEvent, writeResources } from "../../../../server/domain/events/event.ts";
import { eventMatches } from "../../../../server/domain/events/match.ts";
import { logMatches } from "../../../../server/domain/logs.ts";
import type { EventFilter } from "../../../../server/store/filters/events.ts";
import { countEvents, eventsAfter, insertEvents, listEvents } from "../../../../server/store/queries/events.ts";
import { insertLogs, type LogFilter, listLogs } from "../../../../server/store/queries/logs.ts";
import type { LogRow } from "../../../../server/store/tables/logs.ts";
import { addSeconds } from "../../../../server/values/timestamp.ts";
import { START } from "../../support/api.ts";
import { onEachStore } from "../../support/stores.ts";

/** What lists find in the database is what live streams let pass: two ways of saying the same. */

const word = fc.constantFrom("a", "b", "ab", "a.b", "A", "é", "a_b", "a%b", "a\\b", '"', "*", "[");
const name = fc.constantFrom("x.a", "x.b", "x", "y.a", "Y.a");
const labelName = fc.constantFrom("k", "l", 'with "quotes"', "dotted.name");

const resource = fc.record({ id: name, labels: fc.dictionary(labelName, word, { maxKeys: 2 }) });

const event = fc
  .record({
    minutes: fc.nat(5),
    event: name,
    resource,
    related: fc.array(fc.record({ resource, role: fc.constantFrom("r", "s") }), { maxLength: 3 }),
    payload: fc.dictionary(fc.constantFrom("p", "q"), word, { maxKeys: 2 }),
  })
  .map(
    (event): Omit<Event, "id"> => ({
      occurred: addSeconds(START, event.minutes * 60),
      received: START,
      event: event.event,
      resource: { "prefect.resource.id": event.resource.id, ...event.resource.labels },
      related: event.related.map(({ resource: { id, labels }, role }) => ({
        "prefect.resource.id": id,
        "prefect.resource.role": role,
        ...labels,
      })),
      payload: event.payload,
      follows: null,
    }),
  );

const pattern = fc.constantFrom("a", "!a", "a*", "?", "!*b", "[ab]", "[!a]", "*", "a_b", "x.*", "[", "é", "A");
const labels = fc.dictionary(
  fc.oneof(labelName, fc.constant("prefect.resource.id")),
  fc.oneof(pattern, fc.array(pattern, { maxLength: 2 })),
  { maxKeys: 2 },
);
const names = fc.option(fc.array(name, { maxLength: 2 }));
const prefixes = fc.option(fc.array(fc.constantFrom("x", "x.", "y", "X", ""), { maxLength: 2 }));
const anyResource = fc.record({ id: names, id_prefix: prefixes, labels: fc.option(labels) });
const related = fc.record({
  id: names,
  role: fc.option(fc.array(fc.constantFrom("r", "s"), { maxLength: 2 })),
  resources_in_roles: fc.option(fc.array(fc.tuple(name, fc.constantFrom("r", "s")), { maxLength: 2 })),
  labels: fc.option(labels),
});
const search = fc.record({
  include: fc.array(word, { maxLength: 2 }),
  exclude: fc.array(word, { maxLength: 1 }),
  required: fc.array(word, { maxLength: 1 }),
});

const eventFilter: fc.Arbitrary<EventFilter> = fc.record({
  occurred: fc
    .tuple(fc.nat(5), fc.nat(5))
    .map(([from, to]) => ({ since: addSeconds(START, from * 60), until: addSeconds(START, to * 60) })),
  event: fc.option(fc.record({ prefix: prefixes, exclude_prefix: prefixes, name: names, exclude_name: names })),
  resource: fc.option(anyResource),
  related: fc.option(fc.oneof(related, fc.array(related, { maxLength: 2 }))),
  any_resource: fc.option(fc.oneof(anyResource, fc.array(anyResource, { maxLength: 2 }))),
  text: fc.option(search, { freq: 1 }),
  order: fc.constantFrom("ASC" as const, "DESC" as const),
});

function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

onEachStore("filters", (store) => {
  let events: Event[];
  let logs: LogRow[];

  beforeAll(async () => {
    // Always the same, so that a failure can be seen again.
    events = fc.sample(event, { numRuns: 150, seed: 7 }).map((one, index) => ({ ...one, id: id(index) }));
    logs = fc.sample(logLine, { numRuns: 100, seed: 7 }).map((one, index) => ({ ...one, id: id(index) }));
    await store().write(async (tx) => {
      await insertEvents(tx, events.map(writeEvent), events.flatMap(writeResources));
      await insertLogs(tx, logs);
    });
  });

  it("for events find in the database just what they let pass on its way", async () => {
    await fc.assert(
      fc.asyncProperty(eventFilter, async (filter) => {
        const expected = events
          .filter((one) => eventMatches(filter, one))
          .sort((a, b) => (`${a.occurred}${a.id}` < `${b.occurred}${b.id}` ? -1 : 1))
          .map((one) => one.id);
        const found = await eventsAfter(store().db, filter, undefined, 1000);
        expect(found.map((row) => row.id)).toEqual(expected);
        const listed = (await listEvents(store().db, filter, { limit: 1000, offset: 0 })).map((row) => row.id);
        expect(listed).toEqual(filter.order === "ASC" ? expected : expected.toReversed());
        expect(await countEvents(store().db, filter)).toBe(expected.length);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("for events find each resource once when that is asked", async () => {
    await fc.assert(
      fc.asyncProperty(eventFilter, async (anyFilter) => {
        const filter = { ...anyFilter, resource: { ...anyFilter.resource, distinct: true } };
        const all = await listEvents(store().db, filter, { limit: 1000, offset: 0 });
        const first = all.filter((row, index) => all.findIndex((one) => one.resource_id === row.resource_id) === index);
        const found = await listEvents(store().db, filter, { limit: 1000, offset: 0 });
        expect(found).toEqual(first);
        expect(await countEvents(store().db, filter)).toBe(first.length);
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  it("for logs find in the database just what they let pass on its way", async () => {
    await fc.assert(
      fc.asyncProperty(logFilter, async (filter) => {
        const expected = logs.filter((one) => logMatches(filter, one)).map((one) => one.id);
        const found = await listLogs(store().db, filter, "TIMESTAMP_ASC", { limit: 1000, offset: 0 });
        expect(found.map((row) => row.id).sort()).toEqual(expected.sort());
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

const run = fc.constantFrom(id(1), id(2));

const logLine: fc.Arbitrary<Omit<LogRow, "id">> = fc.record({
  created: fc.constant(START),
  updated: fc.constant(START),
  name: word,
  level: fc.constantFrom(10, 20, 30, 40),
  message: fc.array(word, { maxLength: 3 }).map((words) => words.join(" ")),
  timestamp: fc.nat(5).map((minutes) => addSeconds(START, minutes * 60)),
  flow_run_id: fc.option(run),
  task_run_id: fc.option(run),
});

const moment = fc.option(fc.nat(5).map((minutes) => addSeconds(START, minutes * 60)));
const level = fc.option(fc.constantFrom(15, 20, 30));

const logFilter: fc.Arbitrary<LogFilter> = fc.record({
  operator: fc.constantFrom("and_" as const, "or_" as const),
  level: fc.option(fc.record({ ge_: level, le_: level })),
  timestamp: fc.option(fc.record({ before_: moment, after_: moment })),
  flow_run_id: fc.option(fc.record({ any_: fc.option(fc.array(run, { maxLength: 2 })) })),
  task_run_id: fc.option(
    fc.record({ any_: fc.option(fc.array(run, { maxLength: 2 })), is_null_: fc.option(fc.boolean()) }),
  ),
  text: fc.option(search, { freq: 1 }),
});
