import { randomUUID } from "node:crypto";
import type { Api } from "./api.ts";

/** What tests look at of a flow run. */
export interface Run {
  id: string;
  name: string;
  flow_id: string;
  state_type: string;
  state_name: string;
  run_count: number;
  parent_task_run_id: string | null;
  state: { id: string; name: string; message: string | null; state_details: Record<string, unknown> };
}

export interface SetState {
  status: "ACCEPT" | "REJECT" | "ABORT" | "WAIT";
  state: { type: string; name: string; state_details: Record<string, unknown> } | null;
}

/** Of a client that renews leases. */
export const CLIENT = { "user-agent": "prefect/3.8.4 (API 0.8.4)" };

export async function newFlow(api: Api): Promise<string> {
  return ((await api.post("/flows/", { name: randomUUID() })).body as { id: string }).id;
}

/** A run of a flow of its own, unless one is given. */
export async function newRun(api: Api, fields: { flow_id?: string } & Record<string, unknown> = {}): Promise<Run> {
  const flow_id = fields.flow_id ?? (await newFlow(api));
  const answer = await api.post("/flow_runs/", { ...fields, flow_id });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

export async function readRun(api: Api, id: string): Promise<Run> {
  return (await api.get(`/flow_runs/${id}`)).body;
}

export async function setState(
  api: Api,
  id: string,
  state: object,
  force = false,
): Promise<{ status: number; body: SetState }> {
  return api.post(`/flow_runs/${id}/set_state`, { state, force }, CLIENT);
}

export interface Deployed {
  flow_id: string;
  deployment_id: string;
  /** Makes another run of it. */
  run(): Promise<Run>;
}

export async function deploy(api: Api, fields: Record<string, unknown>): Promise<Deployed> {
  const flow_id = await newFlow(api);
  const answer = await api.post("/deployments/", { flow_id, name: randomUUID(), ...fields });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  const { id } = answer.body as { id: string };
  return {
    flow_id,
    deployment_id: id,
    run: async () => (await api.post(`/deployments/${id}/create_flow_run`, {})).body,
  };
}
