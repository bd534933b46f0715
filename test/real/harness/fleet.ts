import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../schema/json.ts";
import { ordinaryEnvironment } from "../../../tools/environment.ts";
import { startReferenceServer } from "../../../tools/reference-server.ts";
import { machine } from "./machine.ts";
import { PrefectUser, type Running, until } from "./prefect-user.ts";

/** What tests look at of a flow run. */
export interface FlowRun {
  id: string;
  name: string;
  state_type: string;
  state_name: string;
  state: { message: string | null };
  run_count: number;
  start_time: string;
  end_time: string | null;
  expected_start_time: string;
  infrastructure_pid: string | null;
  deployment_id: string | null;
  work_queue_name: string | null;
  work_pool_name: string | null;
  labels: Record<string, string>;
  tags: string[];
  auto_scheduled: boolean;
  created_by: { id: string; type: string; display_value: string } | null;
}

export interface RunState {
  type: string;
  name: string;
  timestamp: string;
  message: string | null;
}

export interface TaskRun {
  id: string;
  name: string;
  flow_run_id: string;
  state_type: string;
  tags: string[];
}

/** Seconds that a run may take on a machine with much else to do. */
const PATIENCE_SECONDS = 240;
/** Most that a server gives in one answer. */
const PAGE = 200;

/** A reference server of the packed package, a Prefect user beside it, and the pools and deployments that the user's workers serve. */
export class Fleet implements AsyncDisposable {
  readonly user: PrefectUser;
  readonly #close: () => Promise<void>;

  private constructor(user: PrefectUser, close: () => Promise<void>) {
    this.user = user;
    this.#close = close;
  }

  /** `file` keeps the server's data in a SQLite file instead of in memory. */
  static async open(kept: "memory" | "file"): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), "fleet-"));
    const db = kept === "file" ? join(folder, "server.db") : "memory";
    const server = await startReferenceServer({ project: machine.project, db, env: ordinaryEnvironment() });
    const user = await PrefectUser.at(server.url);
    return new Fleet(user, async () => {
      await user[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  /** A file in the working folder of everything the user starts; flows find it by this path wherever they run. */
  path(file: string): string {
    return join(this.user.folder, file);
  }

  async post<T>(path: string, body: JsonObject): Promise<T> {
    const answer = await this.user.byHand.ask("POST", path, body);
    if (answer === undefined) throw new Error(`POST ${path} answered 404`);
    return answer as T;
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.user.byHand.ask("GET", path);
    if (answer === undefined) throw new Error(`GET ${path} answered 404`);
    return answer as T;
  }

  async pool(name: string, more: JsonObject = {}): Promise<void> {
    await this.post("/work_pools/", { name, type: "process", ...more });
  }

  /** Deploys a flow of the user's folder as `<flow>/<name>`. `entrypoint` as in `flows.py:fine`. Answers the deployment's id. */
  async deploy(entrypoint: string, pool: string, more: JsonObject & { name?: string } = {}): Promise<string> {
    const [, called = entrypoint] = entrypoint.split(":");
    const flow = await this.post<{ id: string }>("/flows/", { name: called.replaceAll("_", "-") });
    const { id } = await this.post<{ id: string }>("/deployments/", {
      name: pool,
      flow_id: flow.id,
      work_pool_name: pool,
      path: this.user.folder,
      entrypoint,
      ...more,
    });
    return id;
  }

  /** Makes a run that is due at once. Answers its id. */
  async run(deployment: string, more: JsonObject = {}): Promise<string> {
    return (await this.post<FlowRun>(`/deployments/${deployment}/create_flow_run`, more)).id;
  }

  async flowRun(id: string): Promise<FlowRun> {
    return this.get(`/flow_runs/${id}`);
  }

  /** Waits until none of the runs is on its way any more. */
  async ended(ids: readonly string[], seconds = PATIENCE_SECONDS): Promise<FlowRun[]> {
    const look = () => this.flowRuns({ flow_runs: { id: { any_: [...ids] } } });
    const runs = await until(look, (seen) => seen.every(({ state_type }) => TERMINAL.has(state_type)), seconds);
    return ids.map((id) => one(runs.filter((run) => run.id === id)));
  }

  async flowRuns(filter: JsonObject): Promise<FlowRun[]> {
    return whole(await this.post<FlowRun[]>("/flow_runs/filter", { limit: PAGE, ...filter }));
  }

  async taskRuns(filter: JsonObject): Promise<TaskRun[]> {
    return whole(await this.post<TaskRun[]>("/task_runs/filter", { limit: PAGE, ...filter }));
  }

  async states(of: "flow" | "task", id: string): Promise<RunState[]> {
    const states = await this.get<RunState[]>(`/${of}_run_states/?${of}_run_id=${id}`);
    return states.sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  }

  /** Starts a worker that looks for runs every second, and waits until it does. */
  async worker(pool: string, name: string, ...options: string[]): Promise<Running> {
    const args = ["worker", "start", "--pool", pool, "--name", name, "--type", "process", ...options];
    const env = { PREFECT_WORKER_QUERY_SECONDS: "1", PREFECT_WORKER_HEARTBEAT_SECONDS: "2" };
    const worker = this.user.start(args, env);
    await worker.said("started!");
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

const TERMINAL = new Set(["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]);

function whole<T>(rows: T[]): T[] {
  if (rows.length === PAGE) throw new Error("there may be more than one page of them");
  return rows;
}

function one<T>(found: readonly T[]): T {
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) throw new Error(`there are ${found.length} of it`);
  return only;
}
