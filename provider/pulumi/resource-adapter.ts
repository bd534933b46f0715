import { contractOf } from "../../schema/contracts/index.ts";
import type { ResourceContract } from "../../schema/define.ts";
import { type JsonObject, known, type PlanObject, UNKNOWN } from "../../schema/json.ts";
import { formatProblem, type Problem } from "../../schema/problem.ts";
import type { Decision } from "../engine/decide.ts";
import type { Engine, Operation } from "../engine/types.ts";
import { decodeProperties, encodeProperties, isEmpty, type PropertyMap, type PropertyValue } from "./codec.ts";

/** The operations on resources of one kind with encoded properties, the same for the dynamic provider and the plugin. */
export interface ResourceAdapter {
  check(
    request: { olds: PropertyValue; news: PropertyValue; resourceName?: string | undefined } & Operation,
  ): Promise<CheckOutcome>;
  /** `olds` are outputs: the inputs applied last, and computed outputs. */
  diff(request: { olds: PropertyValue; news: PropertyValue }): Decision;
  /** The outputs known before the apply. Unknown top-level properties are left out. */
  preview(request: { olds?: PropertyValue; news: PropertyValue }): PropertyMap;
  create(request: { news: PropertyValue } & Operation): Promise<{ id: string; outputs: PropertyMap }>;
  /** `undefined`: the object does not exist. */
  read(request: { id: string; olds: PropertyValue } & Operation): Promise<ReadOutcome | undefined>;
  update(request: { olds: PropertyValue; news: PropertyValue } & Operation): Promise<PropertyMap>;
  remove(request: { olds: PropertyValue } & Operation): Promise<void>;
  /** The encoded outputs of a state, with those marked that are always secret. */
  outputs(state: PlanObject): PropertyMap;
}

export type Warn = (message: string) => void;

export interface CheckOutcome {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

export interface CheckFailure {
  /** Always empty, since the CLI prints the value of the property, secret or not. The reason contains the path. */
  property: "";
  reason: string;
}

export interface ReadOutcome {
  id: string;
  outputs: PropertyMap;
  inputs: PropertyMap;
}

/** Throws: Error for a kind that does not exist. */
export function resourceAdapter(kind: string, engine: Engine): ResourceAdapter {
  const contract = contractOf(kind);
  const resource = engine.resource(kind);
  const secretOutputs = Object.keys(contract.outputs).filter((name) => contract.outputs[name]?.secret === true);
  const outputs = (state: PlanObject): PropertyMap => encodeProperties(state, secretOutputs);
  return {
    outputs,
    async check({ olds, news, resourceName, signal, warn }) {
      const applied = knownProperties(olds);
      const exists = !isEmpty(applied);
      const { inputs, problems } = resource.check({ program: decodeProperties(news), resourceName, inState: exists });
      const isError = ({ severity }: Problem) => severity === "error";
      if (!problems.some(isError)) {
        const request = { applied: exists ? applied : undefined, declared: inputs };
        problems.push(...(await resource.preflight({ ...request, signal, warn })));
      }
      for (const problem of problems) if (problem.severity === "warning") warn?.(formatProblem(problem));
      const errors = problems.filter(isError);
      return {
        inputs: encodeProperties(inputs),
        failures: errors.map((problem) => ({ property: "", reason: formatProblem(problem) })),
      };
    },
    diff: ({ olds, news }) => resource.diff({ olds: knownProperties(olds), news: decodeProperties(news) }),
    preview({ olds, news }) {
      const state = resource.preview({
        olds: olds === undefined ? undefined : knownProperties(olds),
        news: decodeProperties(news),
      });
      return outputs(withoutUnknownKeys(state));
    },
    async create({ news, signal, warn }) {
      const { id, state } = await resource.create({ news: knownProperties(news), signal, warn });
      return { id, outputs: outputs(state) };
    },
    async read({ id, olds, signal, warn }) {
      const state = knownProperties(olds);
      const found = await resource.read({ id, state: isState(contract, state) ? state : undefined, signal, warn });
      return found && { id: found.id, outputs: outputs(found.state), inputs: encodeProperties(found.inputs) };
    },
    async update({ olds, news, signal, warn }) {
      return outputs(await resource.update({ olds: knownProperties(olds), news: knownProperties(news), signal, warn }));
    },
    async remove({ olds, signal, warn }) {
      await resource.remove({ state: knownProperties(olds), signal, warn });
    },
  };
}

/** Whether the properties are a state that this provider wrote. An import has none, a `get` has what the program declares. */
function isState(contract: ResourceContract, properties: JsonObject): boolean {
  return contract.identity === undefined ? !isEmpty(properties) : properties[contract.identity] !== undefined;
}

function knownProperties(encoded: PropertyValue): JsonObject {
  return known(decodeProperties(encoded)) as JsonObject;
}

function withoutUnknownKeys(state: PlanObject): PlanObject {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== UNKNOWN));
}
