import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../../../schema/json.ts";
import { ordinaryEnvironment } from "../../../tools/environment.ts";
import { startReferenceServer } from "../../../tools/reference-server.ts";
import { type BackgroundProcess, PrefectUser, waitUntil } from "./prefect-user.ts";
import { setup } from "./setup.ts";

/** The fields of a flow run that tests read. */
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

/** Longest wait for a run, on a busy machine. */
const TIMEOUT_SECONDS = 240;
/** Page limit of the server. */
const PAGE = 200;

/** A reference server from the packed package and a user of it, who deploys flows and starts workers. */
export class FlowEnvironment implements AsyncDisposable {
  readonly user: PrefectUser;
  readonly #close: () => Promise<void>;

  private constructor(user: PrefectUser, close: () => Promise<void>) {
    this.user = user;
    this.#close = close;
  }

  /** `file` keeps the server's data in a SQLite file instead of in memory. */
  static async create(storage: "memory" | "file"): Promise<FlowEnvironment> {
    const folder = await mkdtemp(join(tmpdir(), "flows-"));
    const db = storage === "file" ? join(folder, "server.db") : "memory";
    const server = await startReferenceServer({ project: setup.project, db, env: ordinaryEnvironment() });
    const user = await PrefectUser.create(server.url);
    return new FlowEnvironment(user, async () => {
      await user[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  /** A file in the working folder of the user's processes. Flows find it by this path wherever they run. */
  path(file: string): string {
    return join(this.user.folder, file);
  }

  async post<T>(path: string, body: JsonObject): Promise<T> {
    const response = await this.user.api.request("POST", path, body);
    if (response === undefined) throw new Error(`POST ${path} answered 404`);
    return response as T;
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.user.api.request("GET", path);
    if (response === undefined) throw new Error(`GET ${path} answered 404`);
    return response as T;
  }

  async pool(name: string, fields: JsonObject = {}): Promise<void> {
    await this.post("/work_pools/", { name, type: "process", ...fields });
  }

  /** Deploys a flow of the user's folder as `<flow>/<name>`. `entrypoint` as in `flows.py:fine`. Returns the deployment's id. */
  async deploy(entrypoint: string, pool: string, fields: JsonObject & { name?: string } = {}): Promise<string> {
    const [, flowName = entrypoint] = entrypoint.split(":");
    const flow = await this.post<{ id: string }>("/flows/", { name: flowName.replaceAll("_", "-") });
    const { id } = await this.post<{ id: string }>("/deployments/", {
      name: pool,
      flow_id: flow.id,
      work_pool_name: pool,
      path: this.user.folder,
      entrypoint,
      ...fields,
    });
    return id;
  }

  /** Creates a run that is due at once. Returns its id. */
  async run(deployment: string, fields: JsonObject = {}): Promise<string> {
    return (await this.post<FlowRun>(`/deployments/${deployment}/create_flow_run`, fields)).id;
  }

  async flowRun(id: string): Promise<FlowRun> {
    return this.get(`/flow_runs/${id}`);
  }

  /** Waits until all runs are in a terminal state. */
  async waitForEnd(ids: readonly string[], seconds = TIMEOUT_SECONDS): Promise<FlowRun[]> {
    const read = () => this.flowRuns({ flow_runs: { id: { any_: [...ids] } } });
    const runs = await waitUntil(read, (found) => found.every(({ state_type }) => TERMINAL.has(state_type)), seconds);
    return ids.map((id) => single(runs.filter((run) => run.id === id)));
  }

  async flowRuns(filter: JsonObject): Promise<FlowRun[]> {
    return singlePage(await this.post<FlowRun[]>("/flow_runs/filter", { limit: PAGE, ...filter }));
  }

  async taskRuns(filter: JsonObject): Promise<TaskRun[]> {
    return singlePage(await this.post<TaskRun[]>("/task_runs/filter", { limit: PAGE, ...filter }));
  }

  async states(of: "flow" | "task", id: string): Promise<RunState[]> {
    const states = await this.get<RunState[]>(`/${of}_run_states/?${of}_run_id=${id}`);
    return states.sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  }

  /** Starts a worker that polls every second, and waits until it has started. */
  async worker(pool: string, name: string, ...options: string[]): Promise<BackgroundProcess> {
    const args = ["worker", "start", "--pool", pool, "--name", name, "--type", "process", ...options];
    const env = { PREFECT_WORKER_QUERY_SECONDS: "1", PREFECT_WORKER_HEARTBEAT_SECONDS: "2" };
    const worker = this.user.start(args, env);
    await worker.waitForOutput("started!");
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

const TERMINAL = new Set(["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]);

function singlePage<T>(rows: T[]): T[] {
  if (rows.length === PAGE) throw new Error("there may be more rows than one page");
  return rows;
}

function single<T>(found: readonly T[]): T {
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) throw new Error(`expected one row, found ${found.length}`);
  return only;
}
