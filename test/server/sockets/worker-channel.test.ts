import { expect, it } from "vitest";
import { type Listening, listen, type SocketClient } from "../support/sockets.ts";
import { onEachStore } from "../support/stores.ts";

interface Frame {
  type: string;
  id: string;
  sent_at: string;
  payload: {
    snapshot_sequence: number;
    reason: string;
    work_pool: Record<string, unknown>;
    initial_snapshot: Frame["payload"];
    resolved_work_queues: { id: string; name: string }[];
    [other: string]: unknown;
  };
}

const CONSUMER = "11111111-1111-4111-8111-111111111111";
const template = {
  job_configuration: { command: "{{ command }}" },
  variables: { properties: { command: { type: "string" } } },
};

function frame(type: string, payload: object): object {
  return { type, id: "22222222-2222-4222-8222-222222222222", sent_at: "2026-11-21T12:00:00Z", payload };
}

function hello(changes: object = {}): object {
  return frame("worker.hello.v1", {
    consumer_id: CONSUMER,
    worker_name: "w",
    worker_type: "process",
    heartbeat_interval_seconds: 30,
    supported_channel_versions: ["work_pool_worker_channel.v1"],
    requested_capabilities: ["worker_heartbeat.v1", "work_pool_snapshot.v1", "other.v1"],
    work_queue_names: [],
    handled_cleanup_kinds: [],
    max_cleanup_concurrency: 0,
    create_pool_if_not_found: true,
    default_base_job_template: template,
    worker_metadata: null,
    ...changes,
  });
}

function heartbeat(changes: object = {}): object {
  return frame("worker.heartbeat.v1", {
    consumer_id: CONSUMER,
    worker_name: "w",
    heartbeat_interval_seconds: 5,
    ...changes,
  });
}

onEachStore("the worker channel", (store) => {
  const dial = async (server: Listening, pool: string, first: unknown = hello()): Promise<SocketClient> => {
    const client = await server.open(`/work_pools/${encodeURIComponent(pool)}/workers/connect`);
    client.send(first);
    return client;
  };

  it("makes the pool, counts the hello as a sign of life, and answers what the worker has to know", async () => {
    await using server = await listen(store());
    const { api } = server;
    const client = await dial(server, "made here");
    const ready = await client.next<Frame>();
    const pool = (await api.get("/work_pools/made%20here")).body as Record<string, unknown>;
    expect(pool).toMatchObject({ type: "process", base_job_template: template, status: "READY" });
    expect(ready).toEqual({
      type: "worker.ready.v1",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sent_at: "2026-11-21T12:00:00.000000Z",
      payload: {
        consumer_id: CONSUMER,
        worker_id: null,
        selected_channel_version: "work_pool_worker_channel.v1",
        effective_heartbeat_interval_seconds: 30,
        accepted_capabilities: ["worker_heartbeat.v1", "work_pool_snapshot.v1"],
        rejected_capabilities: ["other.v1"],
        effective_max_cleanup_concurrency: 0,
        resolved_work_queues: [{ id: pool.default_queue_id, name: "default" }],
        initial_snapshot: { snapshot_sequence: 1, reason: "initial", work_pool: pool },
      },
    });
    const workers = await api.post("/work_pools/made%20here/workers/filter", {});
    expect(workers.body).toMatchObject([{ name: "w", status: "ONLINE", heartbeat_interval_seconds: 30 }]);
    await client.close();
  });

  it("tells the worker when the pool changes in what it goes by, and at a heartbeat when it changed otherwise", async () => {
    await using server = await listen(store());
    const { api } = server;
    await api.post("/work_pools/", { name: "told", type: "process", base_job_template: template });
    const client = await dial(server, "told");
    await client.next();
    await api.patch("/work_pools/told", { concurrency_limit: 3 });
    const changed = await client.next<Frame>();
    expect(changed).toMatchObject({
      type: "work_pool.snapshot.v1",
      payload: {
        snapshot_sequence: 2,
        reason: "work_pool_updated",
        work_pool: { concurrency_limit: 3, active_slots: 0 },
      },
    });
    api.clock.advance(1);
    await api.patch("/work_pools/told", { description: "new" });
    client.send(heartbeat());
    expect((await client.next<Frame>()).payload).toMatchObject({
      snapshot_sequence: 3,
      reason: "heartbeat_reconciliation",
      work_pool: { description: "new" },
    });
    const workers = await api.post("/work_pools/told/workers/filter", {});
    expect(workers.body).toMatchObject([
      { last_heartbeat_time: "2026-11-21T12:00:01.000000Z", heartbeat_interval_seconds: 5 },
    ]);
    await api.patch("/work_pools/told", { is_paused: true });
    expect((await client.next<Frame>()).payload).toMatchObject({
      snapshot_sequence: 4,
      work_pool: { status: "PAUSED" },
    });
    await client.close();
  });

  it("gives an empty pool the worker's template, and never another one", async () => {
    await using server = await listen(store());
    const { api } = server;
    await api.post("/work_pools/", { name: "empty", type: "process" });
    const client = await dial(server, "empty");
    expect((await client.next<Frame>()).payload.initial_snapshot.work_pool.base_job_template).toEqual(template);
    expect((await client.next<Frame>()).payload).toMatchObject({ reason: "work_pool_updated", snapshot_sequence: 2 });
    const other = { ...template, job_configuration: { command: "{{ command }} again" } };
    const second = await dial(server, "empty", hello({ default_base_job_template: other }));
    expect((await second.next<Frame>()).payload.initial_snapshot.work_pool.base_job_template).toEqual(template);
    await Promise.all([client.close(), second.close()]);
  });

  it("names the queues that are asked for, each once", async () => {
    await using server = await listen(store());
    const { api } = server;
    await api.post("/work_pools/", { name: "queues", type: "process", base_job_template: template });
    await api.post("/work_pools/queues/queues", { name: "q" });
    const client = await dial(server, "queues", hello({ work_queue_names: ["q", "default", "q"] }));
    const { resolved_work_queues } = (await client.next<Frame>()).payload;
    expect(resolved_work_queues.map((queue) => queue.name)).toEqual(["q", "default"]);
    await client.close();
  });

  it("ends when the pool is deleted", async () => {
    await using server = await listen(store());
    const client = await dial(server, "gone");
    await client.next();
    await server.api.delete("/work_pools/gone");
    expect(await client.closed).toEqual({ code: 1008, reason: "authorization_failed" });
  });

  it("takes no reports from a worker that does not clean up", async () => {
    await using server = await listen(store());
    const client = await dial(server, "clean");
    await client.next();
    client.send(frame("cleanup.release.v1", { message_id: CONSUMER, reservation_token: "t", reason: "r" }));
    expect(await client.next<Frame>()).toMatchObject({
      type: "cleanup.operation_result.v1",
      payload: { operation: "release", status: "unauthorized", message_id: CONSUMER },
    });
    await client.close();
  });

  it.each([
    ["no hello", { type: "worker.heartbeat.v1" }, 1002, "protocol_error"],
    ["no JSON", "{", 1002, "protocol_error"],
    ["more than is known", hello({ more: 1 }), 1002, "protocol_error"],
    ["no way to be told", hello({ requested_capabilities: ["worker_heartbeat.v1"] }), 1002, "protocol_error"],
    [
      "cleaning up without saying so",
      hello({ handled_cleanup_kinds: ["cancelling_timeout_teardown.v1"], max_cleanup_concurrency: 1 }),
      1002,
      "protocol_error",
    ],
    ["another version", hello({ supported_channel_versions: ["v2"] }), 1008, "unsupported_version"],
    ["no pool to be made", hello({ create_pool_if_not_found: false }), 1008, "authorization_failed"],
    ["a queue that does not exist", hello({ work_queue_names: ["none"] }), 1008, "authorization_failed"],
    ["a template that no pool may have", hello({ default_base_job_template: { a: 1 } }), 1002, "protocol_error"],
  ])("refuses a worker that brings %s, and makes nothing", async (_, first, code, reason) => {
    await using server = await listen(store());
    const client = await dial(server, "refused", first);
    expect(await client.closed).toEqual({ code, reason });
    expect((await server.api.get("/work_pools/refused")).status).toBe(404);
  });

  it("makes no pool of a reserved name", async () => {
    await using server = await listen(store());
    expect(await (await dial(server, "Prefect-x")).closed).toEqual({ code: 1008, reason: "authorization_failed" });
  });

  it.each([
    ["speaks for another worker", heartbeat({ worker_name: "other" })],
    ["speaks for another consumer", heartbeat({ consumer_id: "33333333-3333-4333-8333-333333333333" })],
    ["says hello again", hello()],
    ["sends anything else", frame("worker.other.v1", {})],
  ])("ends when the worker %s", async (_, second) => {
    await using server = await listen(store());
    const client = await dial(server, "strict");
    await client.next();
    client.send(second);
    expect(await client.closed).toEqual({ code: 1002, reason: "protocol_error" });
  });

  it("lets many workers into one new pool at once", async () => {
    await using server = await listen(store());
    const workers = Array.from({ length: 20 }, (_, index) => hello({ worker_name: `w-${index}` }));
    const clients = await Promise.all(workers.map((worker) => dial(server, "crowded", worker)));
    const pools = await Promise.all(clients.map((client) => client.next<Frame>()));
    expect(new Set(pools.map((ready) => ready.payload.initial_snapshot.work_pool.id)).size).toBe(1);
    expect((await server.api.post("/work_pools/crowded/workers/filter", {})).body).toHaveLength(20);
    await Promise.all(clients.map((client) => client.close()));
  });
});
