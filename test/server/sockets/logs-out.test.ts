import { expect, it } from "vitest";
import { listen } from "../support/sockets.ts";
import { onEachStore } from "../support/stores.ts";

interface Told {
  type: string;
  log: { message: string };
}

const RUN = "11111111-1111-4111-8111-111111111111";

function log(message: string, changes: object = {}) {
  return { name: "test", level: 20, message, timestamp: "2026-11-21T12:00:00Z", flow_run_id: RUN, ...changes };
}

onEachStore("the stream of logs", (store) => {
  it("tells the lines that fit from when it is asked, as lists show them", async () => {
    await using server = await listen(store());
    const client = await server.open("/logs/out");
    client.send({ type: "filter", filter: { flow_run_id: { any_: [RUN] }, level: { ge_: 30 } } });
    // When it listens is not told: lines are sent until it hears one.
    for (let number = 0; client.waiting === 0; number++) {
      await server.api.post("/logs/", [log(`early ${number}`, { level: 40 })]);
      await new Promise(setImmediate);
    }
    await server.api.post("/logs/", [
      log("too low"),
      log("of nobody", { level: 30, flow_run_id: null }),
      log("first", { level: 30 }),
      log("second", { level: 50 }),
    ]);
    let told: Told;
    do told = await client.next<Told>();
    while (told.log.message.startsWith("early"));
    const next = await client.next<Told>();
    expect([told.type, told.log.message, next.log.message]).toEqual(["log", "first", "second"]);
    const list = await server.api.post("/logs/filter", { logs: { level: { ge_: 50 } } });
    expect([next.log]).toEqual(list.body);
    await client.close();
  });

  it("is closed for anything but a filter that it knows", async () => {
    await using server = await listen(store());
    const [other, bad] = [await server.open("/logs/out"), await server.open("/logs/out")];
    other.send({ type: "log" });
    expect(await other.closed).toEqual({ code: 1002, reason: "Expected 'filter' message" });
    bad.send({ type: "filter", filter: { level: { ge_: "high" } } });
    expect(await bad.closed).toMatchObject({
      code: 1002,
      reason: expect.stringMatching(/^Invalid filter: filter\.level\.ge_/),
    });
  });
});
