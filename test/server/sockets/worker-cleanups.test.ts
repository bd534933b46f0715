import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { cancellation } from "../../../server/services/cancellation.ts";
import type { Api } from "../support/api.ts";
import { newRun, setState } from "../support/runs.ts";
import { type Listening, listen, type SocketClient } from "../support/sockets.ts";
import { onEachStore } from "../support/stores.ts";

interface Message {
  type: string;
  payload: {
    message_id: string;
    reservation_token: string;
    lease_expires_at: string;
    delivery_count: number;
    work_queue_id: string;
    target: { flow_run_id: string };
    [other: string]: unknown;
  };
}

const KIND = "cancelling_timeout_teardown.v1";

function frame(type: string, payload: object): object {
  return { type, id: randomUUID(), sent_at: "2026-11-21T12:00:00Z", payload };
}

/** A worker that cleans up, and its line to a pool. */
class Cleaner {
  readonly client: SocketClient;
  readonly #identity: object;

  constructor(client: SocketClient, identity: object) {
    this.client = client;
    this.#identity = identity;
  }

  async next(): Promise<Message> {
    return this.client.next<Message>();
  }

  heartbeat(): void {
    this.client.send(frame("worker.heartbeat.v1", { ...this.#identity, heartbeat_interval_seconds: 30 }));
  }

  /** Says something of a message, and answers what is said to that. */
  async report(operation: "ack" | "renew" | "release", { payload }: Message, changes: object = {}): Promise<Message> {
    const { message_id, reservation_token } = payload;
    const reason = operation === "release" ? { reason: "infrastructure_not_available" } : {};
    const report = frame(`cleanup.${operation}.v1`, { message_id, reservation_token, ...reason, ...changes });
    this.client.send(report);
    const answer = await this.next();
    expect(answer).toMatchObject({
      type: "cleanup.operation_result.v1",
      payload: { operation, request_frame_id: (report as { id: string }).id },
    });
    return answer;
  }
}

async function connect(
  server: Listening,
  pool: string,
  { name = "w", consumer = randomUUID(), most = 1, queues = [] as string[] } = {},
): Promise<Cleaner> {
  const client = await server.open(`/work_pools/${pool}/workers/connect`);
  const identity = { consumer_id: consumer, worker_name: name };
  const hello = {
    ...identity,
    worker_type: "kubernetes",
    heartbeat_interval_seconds: 30,
    supported_channel_versions: ["work_pool_worker_channel.v1"],
    requested_capabilities: ["worker_heartbeat.v1", "work_pool_snapshot.v1", "cleanup_delivery.v1"],
    handled_cleanup_kinds: [KIND],
    ...(most !== 1 && { max_cleanup_concurrency: most }),
    work_queue_names: queues,
  };
  client.send(frame("worker.hello.v1", hello));
  expect(await client.next()).toMatchObject({
    type: "worker.ready.v1",
    payload: {
      accepted_capabilities: ["worker_heartbeat.v1", "work_pool_snapshot.v1", "cleanup_delivery.v1"],
      rejected_capabilities: [],
      effective_max_cleanup_concurrency: most,
    },
  });
  return new Cleaner(client, identity);
}

const template = { job_configuration: { a: 1 }, variables: { properties: {} } };

async function newPool(api: Api, name: string, type = "kubernetes"): Promise<void> {
  await api.post("/work_pools/", { name, type, base_job_template: template });
}

/** A run that is being cancelled, and that nobody stops. */
async function abandoned(api: Api, pool: string, queue = "default"): Promise<string> {
  const run = await newRun(api, { work_pool_name: pool, work_queue_name: queue, state: { type: "RUNNING" } });
  await api.patch(`/flow_runs/${run.id}`, { infrastructure_pid: `job/${run.id}` });
  await setState(api, run.id, { type: "CANCELLING" });
  return run.id;
}

async function timeOut(api: Api): Promise<void> {
  api.clock.advance(301);
  await cancellation.run(api.context);
}

onEachStore("a worker that cleans up", (store) => {
  it("is told of a run whose cancellation timed out, until it says that its infrastructure is gone", async () => {
    await using server = await listen(store());
    const { api } = server;
    await newPool(api, "torn-down");
    const worker = await connect(server, "torn-down");
    const id = await abandoned(api, "torn-down");
    await timeOut(api);
    const message = await worker.next();
    expect(message).toMatchObject({
      type: "cleanup.message.v1",
      payload: {
        kind: KIND,
        lease_expires_at: "2026-11-21T12:05:31.000000Z",
        delivery_count: 1,
        target: { flow_run_id: id, infrastructure_pid: `job/${id}` },
        data: {},
      },
    });
    api.clock.advance(20);
    expect((await worker.report("renew", message)).payload).toMatchObject({
      status: "accepted",
      lease_expires_at: "2026-11-21T12:05:51.000000Z",
    });
    api.clock.advance(20);
    expect((await worker.report("ack", message)).payload).toMatchObject({ status: "accepted", reason: null });
    expect((await worker.report("ack", message)).payload).toMatchObject({
      status: "not_found",
      reason: "message_not_found",
    });
    await worker.client.close();
  });

  it("gets what was left before it came, and what another server noticed, at its next heartbeat", async () => {
    await using server = await listen(store());
    await using other = await listen(store());
    const { api } = server;
    await newPool(api, "left");
    const first = await abandoned(api, "left");
    await timeOut(api);
    const worker = await connect(server, "left", { most: 2 });
    expect((await worker.next()).payload.target.flow_run_id).toBe(first);
    const second = await abandoned(api, "left");
    other.api.clock.advance(301);
    await timeOut(other.api);
    worker.heartbeat();
    expect((await worker.next()).payload.target.flow_run_id).toBe(second);
    await worker.client.close();
  });

  it("has no more in hand than it can, and gets its own queues' runs first", async () => {
    await using server = await listen(store());
    const { api } = server;
    await newPool(api, "few-hands");
    await api.post("/work_pools/few-hands/queues", { name: "mine" });
    const first = await abandoned(api, "few-hands");
    const mine = await abandoned(api, "few-hands", "mine");
    await timeOut(api);
    const consumer = randomUUID();
    const worker = await connect(server, "few-hands", { queues: ["mine"], consumer });
    const message = await worker.next();
    expect(message.payload.target.flow_run_id).toBe(mine);
    // Also when it comes back on another line.
    const again = await connect(server, "few-hands", { queues: ["mine"], consumer });
    again.heartbeat();
    await again.report("renew", message);
    expect(again.client.waiting).toBe(0);
    await again.report("ack", message);
    expect((await again.next()).payload.target.flow_run_id).toBe(first);
    await Promise.all([worker.client.close(), again.client.close()]);
  });

  it("shares the work with others, each run with one of them", async () => {
    await using server = await listen(store());
    const { api } = server;
    await newPool(api, "shared");
    const workers = await Promise.all(
      Array.from({ length: 4 }, (_, index) => connect(server, "shared", { name: `w${index}` })),
    );
    const runs: string[] = [];
    for (let count = 0; count < 4; count++) runs.push(await abandoned(api, "shared"));
    await timeOut(api);
    const told = await Promise.all(workers.map((worker) => worker.next()));
    expect(told.map(({ payload }) => payload.target.flow_run_id).toSorted()).toEqual(runs.toSorted());
    await Promise.all(workers.map(({ client }) => client.close()));
  });

  it("loses what it does not finish in time to another one, and nobody is asked more than three times", async () => {
    await using server = await listen(store());
    const { api } = server;
    await newPool(api, "in-vain");
    await abandoned(api, "in-vain");
    await timeOut(api);
    const worker = await connect(server, "in-vain");
    const first = await worker.next();
    api.clock.advance(31);
    const other = await connect(server, "in-vain", { name: "other" });
    const second = await other.next();
    expect(second.payload).toMatchObject({ message_id: first.payload.message_id, delivery_count: 2 });
    expect((await worker.report("ack", first)).payload).toMatchObject({
      status: "invalid_token",
      reason: "reservation_token_mismatch",
    });
    await worker.client.close();
    expect((await other.report("release", second)).payload.status).toBe("accepted");
    const third = await other.next();
    expect(third.payload).toMatchObject({ message_id: first.payload.message_id, delivery_count: 3 });
    expect((await other.report("release", third)).payload).toMatchObject({
      status: "dead_lettered",
      reason: "max_delivery_attempts_reached",
    });
    expect((await other.report("renew", third)).payload.status).toBe("not_found");
    await other.client.close();
  });

  it.each([
    ["its lease has run out", 31, {}, "expired", "lease_expired"],
    ["its token is another", 0, { reservation_token: "t" }, "invalid_token", "reservation_token_mismatch"],
    ["nobody knows the message", 0, { message_id: randomUUID() }, "not_found", "message_not_found"],
  ])("is refused when %s", async (title, seconds, changes, status, reason) => {
    await using server = await listen(store());
    const { api } = server;
    const pool = `refused-${title.replaceAll(" ", "-")}`;
    await newPool(api, pool);
    await abandoned(api, pool);
    await timeOut(api);
    const worker = await connect(server, pool);
    const message = await worker.next();
    api.clock.advance(seconds);
    expect((await worker.report("ack", message, changes)).payload).toMatchObject({ status, reason });
    await worker.client.close();
  });

  it("is not told of runs of other pools, of runs that ended in time, and of what is a day old", async () => {
    await using server = await listen(store());
    const { api } = server;
    for (const name of ["quiet", "busy"]) await newPool(api, name);
    await newPool(api, "pushed", "kubernetes:push");
    await abandoned(api, "busy");
    await abandoned(api, "pushed");
    await newRun(api, { state: { type: "RUNNING" } }).then(({ id }) => setState(api, id, { type: "CANCELLING" }));
    const stopped = await abandoned(api, "quiet");
    await setState(api, stopped, { type: "CANCELLED" });
    await timeOut(api);
    const workers = await Promise.all([connect(server, "quiet"), connect(server, "pushed")]);
    api.clock.advance(86_500);
    await timeOut(api);
    workers.push(await connect(server, "busy"));
    for (const { client } of workers) {
      client.send(frame("cleanup.ack.v1", { message_id: randomUUID(), reservation_token: "t" }));
      expect(await client.next()).toMatchObject({ type: "cleanup.operation_result.v1" });
      await client.close();
    }
  });
});
