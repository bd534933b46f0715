import type { FastifyInstance } from "fastify";

/** What there is on the server to be asked for: names and ids, by what fields call them. */
export type World = ReadonlyMap<string, readonly string[]>;

/** Makes one of most things. `name` keeps worlds on one server apart. */
export async function makeWorld(app: FastifyInstance, name: string): Promise<World> {
  const world = new Map<string, string[]>();
  const know = (kind: string, value: unknown) => {
    if (typeof value !== "string") return;
    const known = world.get(kind);
    if (known === undefined) world.set(kind, [value]);
    else known.push(value);
  };
  const make = async (path: string, body: unknown, kind: string) => {
    const response = await app.inject({
      method: "POST",
      url: `/api${path}`,
      headers: { "content-type": "application/json" },
      payload: JSON.stringify(body),
    });
    if (response.statusCode > 201) throw new Error(`${path}: ${response.statusCode} ${response.body}`);
    const made = response.json() as Record<string, unknown>;
    know(kind, made.id);
    return made;
  };
  const template = { job_configuration: { x: "{{ x }}" }, variables: { properties: { x: { type: "string" } } } };
  const pool = { name: `pool-${name}`, type: "process", base_job_template: template, concurrency_limit: 5 };
  know("work_pool_name", (await make("/work_pools/", pool, "work_pool_id")).name);
  const queue = await make(
    `/work_pools/${pool.name}/queues`,
    { name: `queue-${name}`, concurrency_limit: 2 },
    "work_queue_id",
  );
  know("work_queue_name", queue.name);
  know("work_queue_name", "default");
  await app.inject({
    method: "POST",
    url: `/api/work_pools/${pool.name}/workers/heartbeat`,
    payload: { name: "worker", heartbeat_interval_seconds: 30 },
  });
  know("worker_name", "worker");
  await make("/concurrency_limits/", { tag: `tag-${name}`, concurrency_limit: 2 }, "concurrency_limit_id");
  know("tag", `tag-${name}`);
  know("limit_name", (await make("/v2/concurrency_limits/", { name: `limit-${name}`, limit: 3 }, "limit_id")).name);
  const lease = await make(
    "/v2/concurrency_limits/increment-with-lease",
    { names: [`limit-${name}`], slots: 1 },
    "none",
  );
  know("lease_id", lease.lease_id);
  know("variable_name", (await make("/variables/", { name: `variable_${name}`, value: { a: 1 } }, "variable_id")).name);
  const flow = await make("/flows/", { name: `flow-${name}`, tags: ["a"] }, "flow_id");
  know("flow_name", flow.name);
  const deployment = await make(
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
  know("deployment_name", deployment.name);
  for (const schedule of deployment.schedules as { id: string }[]) know("schedule_id", schedule.id);
  for (const type of ["SCHEDULED", "PENDING", "RUNNING", "COMPLETED"]) {
    const run = await make("/flow_runs/", { flow_id: flow.id, name: type, state: { type } }, "flow_run_id");
    know("state_id", run.state_id);
    const task = { flow_run_id: run.id, task_key: "t", dynamic_key: "0", state: { type } };
    await make("/task_runs/", task, "task_run_id");
  }
  await make(`/deployments/${String(deployment.id)}/create_flow_run`, {}, "flow_run_id");
  know("key", "key");
  return world;
}
