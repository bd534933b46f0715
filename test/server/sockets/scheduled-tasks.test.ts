import { expect, it } from "vitest";
import { type Listening, listen, type SocketClient } from "../support/sockets.ts";
import { onEachStore } from "../support/stores.ts";

interface TaskRun {
  id: string;
  task_key: string;
  state: { type: string };
}

let count = 0;

onEachStore("task workers", (store) => {
  const worker = async (server: Listening, keys: string[], client_id: string): Promise<SocketClient> => {
    const client = await server.open("/task_runs/subscriptions/scheduled");
    client.send({ type: "subscribe", keys, client_id });
    return client;
  };

  const defer = async ({ api }: Listening, task_key: string): Promise<string> => {
    count += 1;
    const state = { type: "SCHEDULED", state_details: { deferred: true } };
    const run = { task_key, dynamic_key: `d-${count}`, flow_run_id: null, state };
    return ((await api.post("/task_runs/", run)).body as TaskRun).id;
  };

  const take = async (client: SocketClient): Promise<TaskRun> => {
    const run = await client.next<Record<string, unknown> & TaskRun>();
    client.send({ type: "ack" });
    return run;
  };

  it("get the background runs of their tasks, in the order of scheduling", async () => {
    await using server = await listen(store());
    const key = `ordered-${count}`;
    const early = [await defer(server, key), await defer(server, key)];
    const client = await worker(server, [key, "other"], "a");
    const got = [(await take(client)).id, (await take(client)).id];
    await defer(server, "foreign");
    const late = await defer(server, "other");
    const last = await take(client);
    expect([...got, last.id]).toEqual([...early, late]);
    expect(last.state.type).toBe("SCHEDULED");
    await client.close();
  });

  it("share them: each run is given to one of them", async () => {
    await using server = await listen(store());
    const key = `shared-${count}`;
    const ids = await Promise.all(Array.from({ length: 20 }, () => defer(server, key)));
    const clients = await Promise.all(["a", "b", "c"].map((name) => worker(server, [key], name)));
    const got: string[] = [];
    const work = async (client: SocketClient): Promise<void> => {
      while (got.length < ids.length) {
        const run = await take(client).catch(() => undefined);
        if (run === undefined) return;
        got.push(run.id);
        // The others wait for what will not come.
        if (got.length === ids.length) await Promise.all(clients.map((one) => one.close()));
      }
    };
    await Promise.all(clients.map(work));
    expect(got.sort()).toEqual(ids.sort());
  });

  it("leave a run that they did not acknowledge to the next one", async () => {
    await using server = await listen(store());
    const key = `lost-${count}`;
    const id = await defer(server, key);
    const first = await worker(server, [key], "first");
    expect((await first.next<Record<string, unknown> & TaskRun>()).id).toBe(id);
    await first.close();
    const second = await worker(server, [key], "second");
    expect((await take(second)).id).toBe(id);
    await second.close();
  });

  it("get what was scheduled before the server started, and nothing that others took meanwhile", async () => {
    const key = `before-${count}`;
    let ids: string[];
    {
      await using server = await listen(store());
      ids = [await defer(server, key), await defer(server, key)];
    }
    await using server = await listen(store());
    await server.api.post(`/task_runs/${ids[0]}/set_state`, { state: { type: "PENDING" } });
    const client = await worker(server, [key], "after");
    expect((await take(client)).id).toBe(ids[1]);
    await client.close();
  });

  it("are listed while they are connected", async () => {
    await using server = await listen(store());
    const { api } = server;
    const [a, b] = [await worker(server, ["x", "y"], "a"), await worker(server, ["y"], "b")];
    // A run for each proves that both are known.
    for (const [client, key] of [
      [a, "x"],
      [b, "y"],
    ] as const) {
      if (client === b) await a.close();
      await defer(server, key);
      await take(client);
    }
    const listed = await api.post("/task_workers/filter", {});
    expect(listed.body).toEqual([{ identifier: "b", task_keys: ["y"], timestamp: "2026-11-21T12:00:00.000000Z" }]);
    expect((await api.post("/task_workers/filter", { task_worker_filter: { task_keys: ["x"] } })).body).toEqual([]);
    expect((await api.post("/task_workers/filter", { task_worker_filter: { task_keys: ["y"] } })).body).toHaveLength(1);
    await b.close();
  });

  it.each([
    [{ type: "x" }, "expected 'subscribe' message"],
    [{ type: "subscribe" }, "expected 'keys' in subscribe message"],
    [{ type: "subscribe", keys: ["a"] }, "expected 'client_id' in subscribe message"],
  ])("are refused after %j", async (message, reason) => {
    await using server = await listen(store());
    const client = await server.open("/task_runs/subscriptions/scheduled");
    client.send(message);
    expect(await client.closed).toEqual({ code: 4001, reason: `Protocol violation: ${reason}` });
  });

  it("are refused when they answer a run with anything but an acknowledgement, and keep it when they quit", async () => {
    await using server = await listen(store());
    const key = `strict-${count}`;
    const id = await defer(server, key);
    const rude = await worker(server, [key], "rude");
    await rude.next();
    rude.send({ type: "nothing" });
    expect(await rude.closed).toEqual({ code: 4001, reason: "Protocol violation: expected 'ack' message" });
    const quitting = await worker(server, [key], "quitting");
    expect((await quitting.next<Record<string, unknown> & TaskRun>()).id).toBe(id);
    quitting.send({ type: "quit" });
    expect(await quitting.closed).toMatchObject({ code: 1000 });
  });
});
