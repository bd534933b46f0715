import { typeProblems } from "../../schema/check.ts";
import { functions } from "../../schema/contracts/functions.ts";
import type { JsonObject } from "../../schema/json.ts";
import { formatProblem } from "../../schema/problem.ts";
import { defaultTemplate, workerTypes } from "../../schema/template/default-template.ts";
import type { WorkPoolAnswer, WorkQueueAnswer } from "../client/api.ts";
import type { Scope } from "../engine/lifecycle.ts";
import { pick } from "../engine/state.ts";
import { EngineError } from "../engine/types.ts";

/** Answers one of the schema's functions. `scope` is made only for functions that ask the server.
 *  Throws: EngineError, PrefectError. */
export async function callFunction(name: string, args: JsonObject, scope: () => Promise<Scope>): Promise<JsonObject> {
  checkArguments(name, args);
  switch (name) {
    case "getWorkPool":
      return getWorkPool(String(args.name), await scope());
    case "getWorkQueues":
      return getWorkQueues(String(args.workPool), await scope());
    case "getDefaultJobTemplate":
      return getDefaultJobTemplate(String(args.type), typeof args.version === "string" ? args.version : "3.8");
    default:
      throw new Error(`prefect-iac knows no function ${name}: is the plugin older than the program's package?`);
  }
}

function checkArguments(name: string, args: JsonObject): void {
  const contract = functions.find((candidate) => candidate.name === name);
  if (contract === undefined) return;
  const problems = Object.entries(contract.inputs).flatMap(([input, { type, required }]) => {
    const value = args[input];
    if (value !== undefined && value !== null) return typeProblems(type, value, [input]);
    return required ? [{ rule: "required", severity: "error" as const, path: [input], message: "is required" }] : [];
  });
  if (problems.length > 0) throw new EngineError(`${name} was called wrongly`, problems.map(formatProblem).join("\n"));
}

async function getWorkPool(name: string, { api, call }: Scope): Promise<JsonObject> {
  const pool = await api.workPools.read(name, call);
  if (pool === undefined) throw absent(name, api.url);
  return poolInfo(pool);
}

async function getWorkQueues(pool: string, { api, call }: Scope): Promise<JsonObject> {
  const queues = await api.workQueues.listOf(pool, call);
  if (queues === undefined) throw absent(pool, api.url);
  return { queues: queues.toSorted((a, b) => a.priority - b.priority).map(queueInfo) };
}

function getDefaultJobTemplate(type: string, version: string): JsonObject {
  let template: JsonObject | undefined;
  try {
    template = defaultTemplate(type, version);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError(`There is no default job template of Prefect ${version}`, error.message, { cause: error });
  }
  if (template !== undefined) return { template };
  throw new EngineError(
    `There is no default job template for the worker type "${type}"`,
    `Bundled are the defaults of ${workerTypes().join(", ")}.`,
  );
}

function absent(pool: string, url: string): EngineError {
  return new EngineError(
    `There is no work pool "${pool}" at ${url}`,
    "If the pool is in the same program, refer to it as `pool.name`, so that it is made first.",
  );
}

function poolInfo(pool: WorkPoolAnswer): JsonObject {
  const info: JsonObject = {
    name: pool.name,
    type: pool.type,
    workPoolId: pool.id,
    defaultQueueId: pool.default_queue_id,
    description: pool.description,
    isPaused: pool.is_paused,
    concurrencyLimit: pool.concurrency_limit,
    baseJobTemplate: pool.base_job_template,
    status: pool.status,
    activeSlots: pool.active_slots ?? null,
    created: pool.created,
  };
  return pick(info, Object.keys(info));
}

function queueInfo(queue: WorkQueueAnswer): JsonObject {
  const info: JsonObject = {
    name: queue.name,
    workQueueId: queue.id,
    description: queue.description,
    isPaused: queue.is_paused,
    concurrencyLimit: queue.concurrency_limit,
    priority: queue.priority,
    status: queue.status,
    lastPolled: queue.last_polled,
  };
  return pick(info, Object.keys(info));
}
