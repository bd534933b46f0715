import fc from "fast-check";
import { expect, it } from "vitest";
import { START } from "../support/api.ts";
import { type Listening, listen, type SocketClient } from "../support/sockets.ts";
import { onEachStore } from "../support/stores.ts";

interface Told {
  type: string;
  event: { id: string; resource: Record<string, string>; payload: { number: number } };
}

let runs = 0;

/** An event of a publisher: each has a resource of its own, and counts. */
function event(run: number, publisher: number, number: number) {
  const id = [run, publisher, number].map((part) => part.toString(16).padStart(4, "0"));
  return {
    id: `00000000-0000-4000-8000-${id.join("")}`,
    // All at the same moment: only the order of sending tells them apart, and the id.
    occurred: START,
    event: `run-${run}.sent`,
    resource: { "prefect.resource.id": `run-${run}.publisher-${publisher}` },
    payload: { number },
  };
}

function filterOf(run: number) {
  return {
    type: "filter",
    // As Prefect's clients send it, with what they don't ask for said to be null.
    filter: {
      occurred: { since: "2026-11-21T11:59:00Z", until: "2027-11-21T11:59:00Z" },
      event: { prefix: [`run-${run}.`], exclude_prefix: null, name: null, exclude_name: null },
      resource: null,
      related: null,
      any_resource: null,
      id: { id: [] },
      text: null,
      order: "DESC",
    },
  };
}

onEachStore("the stream of events", (store) => {
  const listener = async (server: Listening, run: number, changes: object = {}): Promise<SocketClient> => {
    const client = await server.open("/events/out");
    client.send({ ...filterOf(run), ...changes });
    return client;
  };

  it("tells each listener each event once, and those of a resource in their order, whoever comes and sends when", async () => {
    await using server = await listen(store());
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant("send" as const),
          publisher: fc.nat(2),
          burst: fc.integer({ min: 1, max: 20 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("listen" as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        runs += 1;
        const run = runs;
        const sent = [0, 0, 0];
        const inputs = await Promise.all([server.open("/events/in"), server.open("/events/in")]);
        const listeners = [await listener(server, run)];
        for (const one of steps) {
          if (one.kind === "listen") listeners.push(await listener(server, run));
          else {
            const { publisher } = one;
            const events = Array.from({ length: one.burst }, () => {
              sent[publisher] = (sent[publisher] ?? 0) + 1;
              return event(run, publisher, sent[publisher]);
            });
            // Two publishers send over sockets and don't wait; the third over REST.
            const socket = inputs[publisher];
            if (socket === undefined) await server.api.post("/events", events);
            else for (const each of events) socket.send(each);
          }
        }
        const total = sent.reduce((sum, one) => sum + one, 0);
        for (const client of listeners) {
          const heard = new Map<string, number[]>();
          for (let index = 0; index < total; index++) {
            const { event: told } = await client.next<Told>();
            const resource = told.resource["prefect.resource.id"] ?? "";
            heard.set(resource, [...(heard.get(resource) ?? []), told.payload.number]);
          }
          for (const [publisher, number] of sent.entries()) {
            const expected = Array.from({ length: number }, (_, index) => index + 1);
            expect(heard.get(`run-${run}.publisher-${publisher}`) ?? []).toEqual(expected);
          }
        }
        // One more, which everybody hears next: so nothing came twice.
        const last = event(run, 9, 1);
        await server.api.post("/events", [last]);
        for (const client of listeners) expect((await client.next<Told>()).event.id).toBe(last.id);
        await Promise.all([...inputs, ...listeners].map((client) => client.close()));
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it("begins with the last quarter of an hour, the oldest first, unless that is not wanted", async () => {
    await using server = await listen(store());
    runs += 1;
    const run = runs;
    const at = (number: number, occurred: string) => ({ ...event(run, 0, number), occurred });
    await server.api.post("/events", [
      at(1, "2026-11-21T11:44:59.999999Z"),
      at(3, "2026-11-21T11:59:00Z"),
      at(2, "2026-11-21T11:45:00Z"),
    ]);
    const since = { occurred: { since: "2026-11-01T00:00:00Z", until: "2027-11-21T00:00:00Z" } };
    const { filter } = filterOf(run);
    const patient = await listener(server, run, { filter: { ...filter, ...since } });
    const numbers = [await patient.next<Told>(), await patient.next<Told>()].map((told) => told.event.payload.number);
    expect(numbers).toEqual([2, 3]);
    const hasty = await listener(server, run, { filter: { ...filter, ...since }, backfill: false });
    // When it listens is not told: events are sent until it hears one. It hears neither of the older ones before it.
    for (let number = 4; hasty.waiting === 0; number++) {
      await server.api.post("/events", [at(number, START)]);
      await new Promise(setImmediate);
    }
    expect((await hasty.next<Told>()).event.payload.number).toBeGreaterThanOrEqual(4);
    await Promise.all([patient.close(), hasty.close()]);
  });

  it("shows an event as lists show it", async () => {
    await using server = await listen(store());
    runs += 1;
    const run = runs;
    const client = await listener(server, run);
    const related = [{ "prefect.resource.id": "x", "prefect.resource.role": "y" }];
    await server.api.post("/events", [{ ...event(run, 0, 1), related, follows: event(run, 0, 0).id }]);
    const told = await client.next<Told>();
    const list = await server.api.post("/events/filter", { filter: filterOf(run).filter });
    expect({ events: [told.event], total: 1, next_page: null }).toEqual(list.body);
    await client.close();
  });

  it("takes what it can read of what a client sends, and passes over the rest", async () => {
    await using server = await listen(store());
    runs += 1;
    const run = runs;
    const client = await listener(server, run);
    const input = await server.open("/events/in");
    for (const bad of ["{", "null", "[]", '"x"', {}, { ...event(run, 0, 1), resource: {} }]) input.send(bad);
    input.send({ ...event(run, 0, 2), payload: { text: "x".repeat(1_600_000) } });
    input.send({ ...event(run, 0, 3), resource: { "prefect.resource.id": "a\u0000b", label: "\u0000\ud800" } });
    const told = await client.next<Told>();
    expect(told.event.payload.number).toBe(3);
    expect(told.event.resource).toEqual({ "prefect.resource.id": "ab", label: "\ufffd" });
    await Promise.all([client.close(), input.close()]);
  });

  it.each([
    [{ type: "event" }, "Expected 'filter' message"],
    [{ type: "filter" }, "Invalid filter: filter: Invalid input: expected object, received undefined"],
    [{ type: "filter", filter: { some: 1 } }, 'Invalid filter: filter: Unrecognized key: "some"'],
    [
      { type: "filter", filter: { resource: { labels: { a: "[z-a]" } } } },
      "Invalid filter: filter.resource.labels.a: Invalid input",
    ],
  ])("is closed after the first message %j", async (message, reason) => {
    await using server = await listen(store());
    const client = await server.open("/events/out");
    client.send(message);
    expect(await client.closed).toEqual({ code: 1002, reason });
  });
});
