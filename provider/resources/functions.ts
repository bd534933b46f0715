import { typeProblems } from "../../schema/check.ts";
import { functions, queueInfo } from "../../schema/contracts/functions.ts";
import { apiNameOf, type FunctionContract, type Result } from "../../schema/define.ts";
import type { JsonObject } from "../../schema/json.ts";
import { formatProblem } from "../../schema/problem.ts";
import { defaultTemplate, workerTypes } from "../../schema/template/workers/worker-metadata.ts";
import { label } from "../engine/explain.ts";
import type { RemoteObject, Scope } from "../engine/lifecycle.ts";
import { pick } from "../engine/state.ts";
import { EngineError } from "../engine/types.ts";
import { lifecycleOf } from "./lifecycles.ts";
import { queuesOf } from "./queues/ranks.ts";

type SpecialFunction = "getWorkQueues" | "getDefaultJobTemplate";

/** Functions that are no plain lookup, by name. `scope` opens the connection; it is called only by functions that ask the server. */
const special: Readonly<Record<SpecialFunction, (args: JsonObject, scope: () => Scope) => Promise<JsonObject>>> = {
  async getWorkQueues({ workPool }, scope) {
    const opened = scope();
    const queues = await queuesOf(opened, String(workPool));
    if (queues === undefined) throw absent(`work pool "${workPool}"`, opened.api.url);
    return { queues: queues.map((queue) => results(queueInfo, queue)) };
  },

  async getDefaultJobTemplate({ type, version }) {
    let template: JsonObject | undefined;
    try {
      template = defaultTemplate(String(type), typeof version === "string" ? version : "3.8");
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new EngineError(`There is no default job template of Prefect ${version}`, error.message, { cause: error });
    }
    if (template !== undefined) return { template };
    throw new EngineError(
      `There is no default job template for the worker type "${type}"`,
      `Bundled are the defaults of ${workerTypes().join(", ")}.`,
    );
  },
};

/** Calls one of the schema's functions. Throws: EngineError, PrefectError; Error for a function that does not exist. */
export async function callFunction(name: string, args: JsonObject, scope: () => Scope): Promise<JsonObject> {
  const contract = functions.find((candidate) => candidate.name === name);
  if (contract === undefined) {
    throw new Error(`prefect-iac has no function ${name}: is the plugin older than the program's package?`);
  }
  checkArguments(contract, args);
  if (contract.lookup === undefined) return special[name as SpecialFunction](args, scope);
  const { kind, naturalKey } = contract.lookup;
  const opened = scope();
  const object = await lifecycleOf(kind).read(opened, { key: pick(args, naturalKey) });
  if (object === undefined) throw absent(label(contract.lookup, args), opened.api.url);
  return results(contract.outputs, object);
}

function checkArguments({ name, inputs }: FunctionContract, args: JsonObject): void {
  const problems = Object.entries(inputs).flatMap(([input, { type, required }]) => {
    const value = args[input];
    if (value !== undefined && value !== null) return typeProblems(type, value, [input]);
    return required ? [{ rule: "required", severity: "error" as const, path: [input], message: "is required" }] : [];
  });
  if (problems.length > 0) throw new EngineError(`${name} was called wrongly`, problems.map(formatProblem).join("\n"));
}

/** What a function returns of an object: the contract's values, and from the answer what the contract does not hold. */
function results(outputs: Readonly<Record<string, Result>>, object: RemoteObject): JsonObject {
  const values: JsonObject = { ...object.live, ...object.outputs };
  for (const [name, output] of Object.entries(outputs))
    values[name] ??= object.answer?.[apiNameOf(name, output)] ?? null;
  return pick(values, Object.keys(outputs));
}

function absent(label: string, url: string): EngineError {
  return new EngineError(
    `There is no ${label} at ${url}`,
    "If it is in the same program, refer to its output (for a pool: `pool.name`), so that it is made first.",
  );
}
