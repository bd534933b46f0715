import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { addLimit } from "../../../server/domain/concurrency-limits/concurrency-limits.ts";
import { setFlowRunState } from "../../../server/domain/flow-runs/set-state.ts";
import { recordPoll } from "../../../server/domain/work-pools/record-poll.ts";
import { addWorkPool } from "../../../server/domain/work-pools/work-pools.ts";
import { keepAlive } from "../../../server/domain/work-pools/workers.ts";
import { manualClock, openStore, type Store } from "../../../server/index.ts";
import { foreman } from "../../../server/services/foreman.ts";
import { insertArtifact, setLatest } from "../../../server/store/queries/artifacts.ts";
import { insertBlockSchema, replaceReferences, updateBlockDocument } from "../../../server/store/queries/blocks.ts";
import { lockDeployment, updateDeployment } from "../../../server/store/queries/deployments.ts";
import { lockWorkPool, workPoolByName } from "../../../server/store/queries/work-pools/work-pools.ts";
import {
  deleteWorkQueue,
  markQueuesPolled,
  workQueueByName,
} from "../../../server/store/queries/work-pools/work-queues.ts";
import type { Db } from "../../../server/store/store.ts";
import { type Api, apiOn, START } from "../support/api.ts";
import { deploy, newRun, setState } from "../support/runs.ts";
import { postgresDatabase } from "../support/stores.ts";

/** Two writes that meet, each in a transaction of its own, as those of two servers do. */

let place: Awaited<ReturnType<typeof postgresDatabase>>;
let store: Store;
let api: Api;

beforeAll(async () => {
  place = await postgresDatabase();
  store = await openStore(place.location);
  api = apiOn(store);
}, 60_000);

afterAll(async () => {
  await store.close();
  await place.remove();
});

const context = () => createContext({ store, clock: manualClock(START) });

/** Starts `second` when `first` has done its work, and lets `first` commit when `second` waits for it. Answers what `second` does. */
async function overtaking<T>(first: (tx: Db) => Promise<unknown>, second: () => Promise<T>): Promise<T> {
  const { promise: worked, resolve: hasWorked } = Promise.withResolvers<void>();
  const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
  const writing = store.write(async (tx) => {
    await first(tx);
    hasWorked();
    await mayCommit;
  });
  await Promise.race([worked, writing]);
  let settled = false;
  const answer = second().finally(() => {
    settled = true;
  });
  answer.catch(() => {});
  while (!settled && !(await somebodyWaits())) await new Promise(setImmediate);
  const waited = !settled;
  commit();
  await writing;
  const result = await answer;
  // Otherwise the test is about nothing.
  expect(waited).toBe(true);
  return result;
}

async function somebodyWaits(): Promise<boolean> {
  const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(store.db);
  return (rows[0]?.waiting ?? 0) > 0;
}

async function pool(name: string): Promise<{ default_queue_id: string; id: string }> {
  return (await api.post("/work_pools/", { name, type: "process" })).body;
}

it("a deployment that moves to another pool while it is waited for is seen whole in the new one", async () => {
  await pool("moved-from");
  const { default_queue_id: work_queue_id } = await pool("moved-to");
  const { deployment_id: id, flow_id: flowId } = await deploy(api, { name: "moves", work_pool_name: "moved-from" });
  for (const key of [{ id }, { flowId, name: "moves" }]) {
    await api.patch(`/deployments/${id}`, { work_pool_name: "moved-from" });
    const before = await overtaking(
      (tx) => updateDeployment(tx, id, { work_queue_id }),
      () => store.write((tx) => lockDeployment(tx, key)),
    );
    expect(before).toMatchObject({ work_queue_id, queue_name: "default", work_pool_name: "moved-to" });
  }
});

it("a pool whose worker is heard of while the foreman looks at it stays ready", async () => {
  await pool("served");
  await api.post("/work_pools/served/workers/heartbeat", { name: "first" });
  await api.delete("/work_pools/served/workers/first");
  const heard = context();
  await overtaking(
    async (tx) => {
      const served = await lockWorkPool(tx, "served");
      if (served !== undefined) await keepAlive(heard, tx, served, { name: "second", intervalSeconds: null });
    },
    () => foreman.run(context()),
  );
  expect((await api.get("/work_pools/served")).body).toMatchObject({ status: "READY" });
});

it("a queue that two servers see polled becomes ready once", async () => {
  await pool("polled-twice");
  const queue = await workQueueByName(store.db, "polled-twice", "default");
  if (queue === undefined) throw new Error("the pool has no queue");
  const second = context();
  const events: unknown[] = [];
  second.changes.listen((changes) => events.push(...changes));
  await overtaking(
    (tx) => markQueuesPolled(tx, [queue.id], START),
    async () => {
      recordPoll(second, [queue]);
      await second.background.idle();
    },
  );
  expect(events).toEqual([]);
});

it.each([
  ["its place", (pool: string) => `/work_pools/${pool}/queues/default`],
  ["its id", (_: string, id: string) => `/work_queues/${id}`],
])("a queue that is resumed by %s while it is polled is ready", async (by, path) => {
  const name = `resumed by ${by}`;
  const { default_queue_id: id } = await pool(name);
  await api.patch(`/work_queues/${id}`, { is_paused: true });
  const answer = await overtaking(
    (tx) => markQueuesPolled(tx, [id], START),
    () => api.patch(path(name, id), { is_paused: false }),
  );
  expect(answer.status).toBe(204);
  expect((await api.get(`/work_queues/${id}`)).body).toMatchObject({ status: "READY" });
});

it("a queue that two delete is missing for the second one", async () => {
  await pool("deleted-twice");
  const { id } = (await api.post("/work_pools/deleted-twice/queues", { name: "extra" })).body as { id: string };
  const answer = await overtaking(
    async (tx) => {
      await lockWorkPool(tx, "deleted-twice");
      await deleteWorkQueue(tx, id);
    },
    () => api.delete(`/work_queues/${id}`),
  );
  expect(answer.status).toBe(404);
});

it("a paused run that two resume goes on once", async () => {
  const { run } = await deploy(api, {});
  const { id } = await run();
  await setState(api, id, { type: "PENDING" });
  await setState(api, id, { type: "RUNNING" });
  const paused = {
    type: "PAUSED",
    state_details: { pause_key: "1", pause_reschedule: true, pause_timeout: "2100-01-01T00:00:00Z" },
  };
  expect((await setState(api, id, paused)).body.status).toBe("ACCEPT");
  const first = context();
  const second = await overtaking(
    (tx) => setFlowRunState(first, tx, id, { state: { type: "SCHEDULED", name: "Resuming" } }),
    () => api.post(`/flow_runs/${id}/resume`),
  );
  expect(second.body).toMatchObject({ status: "ABORT" });
  const states = (await api.get(`/flow_run_states/?flow_run_id=${id}`)).body as { name: string }[];
  expect(states.filter(({ name }) => name === "Resuming")).toHaveLength(1);
});

it("runs that are deleted together while one is claimed leave no slot behind", async () => {
  const { deployment_id, run } = await deploy(api, { concurrency_limit: 1 });
  const { id } = await run();
  const first = context();
  await overtaking(
    (tx) => setFlowRunState(first, tx, id, { state: { type: "PENDING" } }),
    () => api.post("/flow_runs/bulk_delete", { flow_runs: { id: { any_: [id] } } }),
  );
  const limit = await api.get(`/v2/concurrency_limits/deployment:${deployment_id}`);
  expect(limit.body).toMatchObject({ limit: 1, active_slots: 0 });
});

it("an artifact that is made while the latest one is deleted becomes the latest", async () => {
  const artifact = {
    type: "markdown",
    description: null,
    data: null,
    metadata_: null,
    flow_run_id: null,
    task_run_id: null,
  };
  await api.post("/artifacts/", { ...artifact, key: "report" });
  api.clock.advance(1);
  const { id: deleted } = (await api.post("/artifacts/", { ...artifact, key: "report" })).body as { id: string };
  api.clock.advance(1);
  const latest_id = context().ids.uuid4();
  const now = api.clock.now();
  await overtaking(
    async (tx) => {
      await insertArtifact(tx, { ...artifact, id: latest_id, created: now, updated: now, key: "report" });
      await setLatest(tx, { key: "report", id: context().ids.uuid4(), latest_id, now });
    },
    () => api.delete(`/artifacts/${deleted}`),
  );
  const latest = (await api.post("/artifacts/latest/filter", {})).body as { latest_id: string; key: string }[];
  expect(latest).toMatchObject([{ key: "report", latest_id }]);
});

/** A block type with a schema. */
async function blockType(slug: string): Promise<{ block_type_id: string; block_schema_id: string }> {
  const type = (await api.post("/block_types/", { name: slug, slug })).body as { id: string };
  const schema = { block_type_id: type.id, fields: { title: slug }, capabilities: [] };
  return {
    block_type_id: type.id,
    block_schema_id: ((await api.post("/block_schemas/", schema)).body as { id: string }).id,
  };
}

it("members that two add to a block document are both there", async () => {
  const of = await blockType("merged");
  const document = { ...of, name: "shared", data: { one: 1 } };
  const { id } = (await api.post("/block_documents/", document)).body as { id: string };
  await overtaking(
    (tx) => updateBlockDocument(tx, id, { data: JSON.stringify({ one: 1, two: 2 }) }),
    () => api.patch(`/block_documents/${id}`, { data: { three: 3 }, merge_existing_data: true }),
  );
  expect((await api.get(`/block_documents/${id}`)).body).toMatchObject({ data: { one: 1, two: 2, three: 3 } });
});

it("two block documents that come to refer to each other at once are refused", async () => {
  const of = await blockType("circular");
  const make = async (name: string) =>
    ((await api.post("/block_documents/", { ...of, name, data: {} })).body as { id: string }).id;
  const [here, there] = [await make("here"), await make("there")];
  const answer = await overtaking(
    async (tx) => {
      await updateBlockDocument(tx, here, { updated: START });
      await replaceReferences(tx, here, [{ parent_id: here, name: "next", reference_id: there }]);
    },
    () => api.patch(`/block_documents/${there}`, { data: { next: { $ref: { block_document_id: here } } } }),
  );
  expect(answer.status).toBe(400);
});

it("a limit on a tag that another server makes at the same time is changed", async () => {
  const first = context();
  const answer = await overtaking(
    (tx) => addLimit(first, tx, { name: "tag:shared", limit: 1 }),
    () => api.post("/concurrency_limits/", { tag: "shared", concurrency_limit: 2 }),
  );
  expect(answer).toMatchObject({ status: 200, body: { tag: "shared", concurrency_limit: 2 } });
});

it("a block schema that another server makes at the same time is found", async () => {
  const { block_type_id } = await blockType("schema");
  const newSchema = { block_type_id, fields: { title: "Same" }, capabilities: [] };
  const { id, checksum } = (await api.post("/block_schemas/", newSchema)).body as { id: string; checksum: string };
  await api.delete(`/block_schemas/${id}`);
  const row = {
    id,
    created: START,
    updated: START,
    checksum,
    version: "non-versioned",
    block_type_id,
    fields: "{}",
    capabilities: "[]",
  };
  const answer = await overtaking(
    (tx) => insertBlockSchema(tx, row),
    () => api.post("/block_schemas/", newSchema),
  );
  expect(answer).toMatchObject({ status: 200, body: { id } });
});

it("a deployment that only names a queue finds the pool that another server makes at the same time", async () => {
  expect(await workPoolByName(store.db, "default-agent-pool")).toBeUndefined();
  const first = context();
  const newPool = {
    name: "default-agent-pool",
    description: null,
    type: "prefect-agent",
    base_job_template: {},
    is_paused: false,
    concurrency_limit: null,
    storage_configuration: {},
  };
  const flow_id = (await newRun(api)).flow_id;
  const answer = await overtaking(
    (tx) => addWorkPool(first, tx, newPool),
    () => api.post("/deployments/", { name: "named-queue", flow_id, work_queue_name: "old" }),
  );
  expect(answer).toMatchObject({ status: 201, body: { work_queue_name: "old" } });
});
