import type { FastifyInstance } from "fastify";

/** Names and ids of objects on the server, by the names of fields that refer to them. */
export type KnownObjects = ReadonlyMap<string, readonly string[]>;

/** Creates one object of most kinds. `name` makes their names unique. */
export async function createObjects(app: FastifyInstance, name: string): Promise<KnownObjects> {
  const objects = new Map<string, string[]>();
  const add = (kind: string, value: unknown) => {
    if (typeof value !== "string") return;
    const ids = objects.get(kind);
    if (ids === undefined) objects.set(kind, [value]);
    else ids.push(value);
  };
  const create = async (path: string, body: unknown, kind: string) => {
    const response = await app.inject({
      method: "POST",
      url: `/api${path}`,
      headers: { "content-type": "application/json" },
      payload: JSON.stringify(body),
    });
    if (response.statusCode > 201) throw new Error(`${path}: ${response.statusCode} ${response.body}`);
    const created = response.json() as Record<string, unknown>;
    add(kind, created.id);
    return created;
  };
  const template = { job_configuration: { x: "{{ x }}" }, variables: { properties: { x: { type: "string" } } } };
  const pool = { name: `pool-${name}`, type: "process", base_job_template: template, concurrency_limit: 5 };
  add("work_pool_name", (await create("/work_pools/", pool, "work_pool_id")).name);
  const queue = await create(
    `/work_pools/${pool.name}/queues`,
    { name: `queue-${name}`, concurrency_limit: 2 },
    "work_queue_id",
  );
  add("work_queue_name", queue.name);
  add("work_queue_name", "default");
  await app.inject({
    method: "POST",
    url: `/api/work_pools/${pool.name}/workers/heartbeat`,
    payload: { name: "worker", heartbeat_interval_seconds: 30 },
  });
  add("worker_name", "worker");
  await create("/concurrency_limits/", { tag: `tag-${name}`, concurrency_limit: 2 }, "concurrency_limit_id");
  add("tag", `tag-${name}`);
  add("limit_name", (await create("/v2/concurrency_limits/", { name: `limit-${name}`, limit: 3 }, "limit_id")).name);
  const lease = await create(
    "/v2/concurrency_limits/increment-with-lease",
    { names: [`limit-${name}`], slots: 1 },
    "none",
  );
  add("lease_id", lease.lease_id);
  add(
    "variable_name",
    (await create("/variables/", { name: `variable_${name}`, value: { a: 1 } }, "variable_id")).name,
  );
  const flow = await create("/flows/", { name: `flow-${name}`, tags: ["a"] }, "flow_id");
  add("flow_name", flow.name);
  const deployment = await create(
    "/deployments/",
    {
      name: `deployment-${name}`,
      flow_id: flow.id,
      work_pool_name: pool.name,
      parameters: { n: 1 },
      concurrency_limit: 2,
      schedules: [{ schedule: { interval: 3600 }, slug: "hourly" }],
    },
    "deployment_id",
  );
  add("deployment_name", deployment.name);
  for (const schedule of deployment.schedules as { id: string }[]) add("schedule_id", schedule.id);
  for (const type of ["SCHEDULED", "PENDING", "RUNNING", "COMPLETED"]) {
    const run = await create("/flow_runs/", { flow_id: flow.id, name: type, state: { type } }, "flow_run_id");
    add("state_id", run.state_id);
    const task = { flow_run_id: run.id, task_key: "t", dynamic_key: "0", state: { type } };
    await create("/task_runs/", task, "task_run_id");
  }
  await create(`/deployments/${String(deployment.id)}/create_flow_run`, {}, "flow_run_id");
  add("key", "key");
  return objects;
}
