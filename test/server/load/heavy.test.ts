import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { listen } from "../support/sockets.ts";
import { onEachStore } from "../support/stores.ts";

const MILLION = 1_000_000;

/** As many elements as a body may hold, of the fewest letters. */
const list = (element: string) => `[${`${element},`.repeat(MILLION - 50)}${element}]`;

const event = (id: string, payload: string) =>
  `{"event":"heavy","occurred":"2026-11-21T12:00:00Z","id":"00000000-0000-4000-8000-${id}","resource":{"prefect.resource.id":"r"},"payload":{"a":${payload}}}`;

const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

onEachStore("what is as heavy as may be", (store) => {
  it.each([
    ["names to look for", "/flows/filter", `{"flows":{"name":{"any_":${list('"a"')}}}}`, 200],
    ["names of runs to look for", "/flow_runs/count", `{"flow_runs":{"name":{"any_":${list('"a"')}}}}`, 200],
    ["ids that are none", "/flow_runs/filter", `{"flow_runs":{"id":{"any_":${list('"a"')}}}}`, 422],
    ["tags that all must be there", "/flow_runs/count", `{"flow_runs":{"tags":{"all_":${list('"a"')}}}}`, 200],
    ["limits", "/v2/concurrency_limits/increment", `{"slots":1,"names":${list('"a"')}}`, 200],
    [
      "tags of limits",
      "/concurrency_limits/increment",
      `{"task_run_id":"00000000-0000-4000-8000-000000000001","names":${list('"a"')}}`,
      200,
    ],
    ["queues to poll", "/work_pools/none/get_scheduled_flow_runs", `{"work_queue_names":${list('"a"')}}`, 404],
    ["names of events", "/events/filter", `{"filter":{"event":{"name":${list('"a"')}}}}`, 200],
    ["lines of a log that are none", "/logs/", list("0"), 422],
    ["events that are none", "/events", list("0"), 422],
    ["tags of a flow", "/flows/", `{"name":"heavy","tags":${list('"a"')}}`, 201],
    ["a value of a variable", "/variables/", `{"name":"heavy","value":${list("0")}}`, 422],
    ["more than that", "/flows/", `{"name":"heavier","tags":[${'"a",'.repeat(MILLION)}"a"]}`, 413],
  ])(
    "is answered when it is a million of %s",
    async (_, path, payload, status) => {
      const { app } = apiOn(store(), { checkResponses: false });
      const answer = await app.inject({
        method: "POST",
        url: `/api${path}`,
        headers: { "content-type": "application/json" },
        payload,
      });
      expect(answer.statusCode).toBe(status);
      expect(answer.body.length).toBeLessThan(status === 201 ? payload.length + 1000 : 20_000);
    },
    60_000,
  );

  it("is left out of events that come over a socket, and the others are kept", async () => {
    await using server = await listen(store());
    const client = await server.open("/events/in");
    client.send(event("000000000001", "1"));
    client.send(event("000000000002", deep(100_000)));
    client.send(event("000000000003", `[${"0,".repeat(MILLION + 1)}0]`));
    client.send(event("000000000004", deep(400)));
    const stored = async () =>
      (await server.api.post("/events/filter", { filter: { event: { name: ["heavy"] } } })).body as { total: number };
    while ((await stored()).total < 2) await new Promise(setImmediate);
    expect(await client.close()).toMatchObject({ code: 1005 });
    expect((await stored()).total).toBe(2);
  });

  it.each(["/events/out", "/logs/out", "/task_runs/subscriptions/scheduled", "/work_pools/p/workers/connect"])(
    "ends a conversation on %s",
    async (path) => {
      await using server = await listen(store());
      const client = await server.open(path);
      client.send(`{"type":"filter","filter":{"a":${deep(100_000)}}}`);
      expect((await client.closed).code).toBe(1002);
    },
  );
});
