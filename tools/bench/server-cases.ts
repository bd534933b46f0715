import type { Call, Load } from "./measure-load.ts";

/** The objects that the cases use. */
export interface Fixtures {
  pool: string;
  flowId: string;
  deploymentId: string;
  /** One for each client. */
  runIds: readonly string[];
  /** Scheduled runs, which are copied for the polls. */
  waitingIds: readonly string[];
}

export interface Case {
  name: string;
  next(fixtures: Fixtures): Load["next"];
  /** Target: how many times faster than Prefect's own server, by number of clients. */
  target?: Record<number, number>;
}

export const MAX_CLIENTS = 16;
const TEMPLATES = 10;
/** Waiting runs are due later, so that the server marks none as late. Polls find them all the same. */
const DUE_IN_MS = 3_600_000;

/** Creates the fixtures. Retries, because a server may refuse under load. */
export async function createFixtures(api: string): Promise<Fixtures> {
  const make = async (path: string, body: object): Promise<{ id: string }> => {
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(api + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (answer.ok) return JSON.parse(text);
      if (attempt === 20) throw new Error(`${path}: ${answer.status} ${text}`);
    }
  };
  const many = async (count: number, one: (at: number) => Promise<{ id: string }>) => {
    const ids: string[] = [];
    for (let at = 0; at < count; at++) ids.push((await one(at)).id);
    return ids;
  };
  const pool = "bench";
  await make("/work_pools/", { name: pool, type: "process" });
  const flow = await make("/flows/", { name: "bench" });
  const deployment = await make("/deployments/", { name: "bench", flow_id: flow.id, work_pool_name: pool });
  const runIds = await many(MAX_CLIENTS, () => make("/flow_runs/", { flow_id: flow.id, state: { type: "SCHEDULED" } }));
  const waitingIds = await many(TEMPLATES, (at) => {
    const scheduled_time = new Date(Date.now() + DUE_IN_MS + at * 1000).toISOString();
    const state = { type: "SCHEDULED", state_details: { scheduled_time } };
    return make(`/deployments/${deployment.id}/create_flow_run`, { state });
  });
  return { pool, flowId: flow.id, deploymentId: deployment.id, runIds, waitingIds };
}

const readPool: Case = {
  name: "read a pool",
  next:
    ({ pool }) =>
    () => ({ method: "GET", path: `/work_pools/${pool}` }),
  target: { 1: 8, 16: 20 },
};

const heartbeat: Case = {
  name: "heartbeat of a worker",
  next:
    ({ pool }) =>
    (client) => ({
      method: "POST",
      path: `/work_pools/${pool}/workers/heartbeat`,
      body: { name: `worker-${client}`, heartbeat_interval_seconds: 30 },
    }),
};

const deploymentRun: Case = {
  name: "create a deployment's run",
  next:
    ({ deploymentId }) =>
    () => ({
      method: "POST",
      path: `/deployments/${deploymentId}/create_flow_run`,
      // The polls, which are measured afterwards, must not find them.
      body: { state: { type: "PENDING" } },
    }),
  target: { 1: 8, 16: 20 },
};

const plainRun: Case = {
  name: "create a flow run",
  next:
    ({ flowId }) =>
    () => ({ method: "POST", path: "/flow_runs/", body: { flow_id: flowId } }),
  target: { 1: 8, 16: 20 },
};

const STATES = ["PENDING", "RUNNING", "SCHEDULED"];

const setState: Case = {
  name: "set a run's state",
  next: ({ runIds }) => {
    // Each client moves its own run through the states in a circle; a refused state is tried again.
    const turns = runIds.map(() => 0);
    return (client) => ({
      method: "POST",
      path: `/flow_runs/${runIds[client]}/set_state`,
      body: { state: { type: STATES[(turns[client] ?? 0) % STATES.length] } },
      isCorrect(answer) {
        turns[client] = (turns[client] ?? 0) + 1;
        return (answer as { status: string }).status === "ACCEPT";
      },
    });
  },
  target: { 1: 8, 16: 20 },
};

export const cases: readonly Case[] = [readPool, heartbeat, deploymentRun, plainRun, setState];

export const POLL_LIMIT = 10;

/** A worker's poll. */
export function poll({ pool }: Fixtures): () => Call {
  const scheduled_before = new Date(Date.now() + 2 * DUE_IN_MS).toISOString();
  return () => ({
    method: "POST",
    path: `/work_pools/${pool}/get_scheduled_flow_runs`,
    body: { limit: POLL_LIMIT, scheduled_before },
    isCorrect: (answer) => (answer as unknown[]).length === POLL_LIMIT,
  });
}
