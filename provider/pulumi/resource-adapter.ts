import { contractOf } from "../../schema/contracts/index.ts";
import type { ResourceContract } from "../../schema/define.ts";
import { type JsonObject, known, type PlanObject, UNKNOWN } from "../../schema/json.ts";
import { formatProblem, type Problem } from "../../schema/problem.ts";
import type { Decision } from "../engine/decide.ts";
import type { Engine, Operation } from "../engine/types.ts";
import { decodeObject, encodeObject, isEmpty, type Wire, type WireObject } from "./wire.ts";

/** The operations on one kind of resource in Pulumi's terms, the same for the dynamic provider and the plugin: wire values in, wire values out. */
export interface ResourceAdapter {
  check(request: { olds: Wire; news: Wire; resourceName?: string | undefined } & Operation): Promise<Checked>;
  /** `olds` are outputs: what was applied last, and the facts. */
  diff(request: { olds: Wire; news: Wire }): Decision;
  /** Outputs as far as they are known before; what is unknown at the top is left out. */
  preview(request: { olds?: Wire; news: Wire }): WireObject;
  create(request: { news: Wire } & Operation): Promise<{ id: string; outputs: WireObject }>;
  /** `undefined`: gone. */
  read(request: { id: string; olds: Wire } & Operation): Promise<Seen | undefined>;
  update(request: { olds: Wire; news: Wire } & Operation): Promise<WireObject>;
  remove(request: { olds: Wire } & Operation): Promise<void>;
  /** Outputs of a state, with what was born secret marked as such. */
  outputs(state: PlanObject): WireObject;
}

export type Warn = (message: string) => void;

export interface Checked {
  inputs: WireObject;
  failures: CheckFailure[];
}

export interface CheckFailure {
  /** Always empty: the CLI prints the value of a property that is named here, secret or not. The reason says where. */
  property: "";
  reason: string;
}

export interface Seen {
  id: string;
  outputs: WireObject;
  inputs: WireObject;
}

/** Throws: Error for a kind that does not exist. */
export function resourceAdapter(kind: string, engine: Engine): ResourceAdapter {
  const contract = contractOf(kind);
  const resource = engine.resource(kind);
  const bornSecret = Object.keys(contract.outputs).filter((name) => contract.outputs[name]?.secret === true);
  const outputs = (state: PlanObject): WireObject => encodeObject(state, bornSecret);
  return {
    outputs,
    async check({ olds, news, resourceName, signal, warn }) {
      const applied = values(olds);
      const exists = !isEmpty(applied);
      const { inputs, problems } = resource.check({ program: decodeObject(news), resourceName, inState: exists });
      const isError = ({ severity }: Problem) => severity === "error";
      if (!problems.some(isError)) {
        const request = { applied: exists ? applied : undefined, declared: inputs };
        problems.push(...(await resource.preflight({ ...request, signal, warn })));
      }
      for (const problem of problems) if (problem.severity === "warning") warn?.(formatProblem(problem));
      const errors = problems.filter(isError);
      return {
        inputs: encodeObject(inputs),
        failures: errors.map((problem) => ({ property: "", reason: formatProblem(problem) })),
      };
    },
    diff: ({ olds, news }) => resource.diff({ olds: values(olds), news: decodeObject(news) }),
    preview({ olds, news }) {
      const state = resource.preview({
        olds: olds === undefined ? undefined : values(olds),
        news: decodeObject(news),
      });
      return outputs(withoutUnknownKeys(state));
    },
    async create({ news, signal, warn }) {
      const { id, state } = await resource.create({ news: values(news), signal, warn });
      return { id, outputs: outputs(state) };
    },
    async read({ id, olds, signal, warn }) {
      const state = values(olds);
      const seen = await resource.read({ id, state: isState(contract, state) ? state : undefined, signal, warn });
      return seen && { id: seen.id, outputs: outputs(seen.state), inputs: encodeObject(seen.inputs) };
    },
    async update({ olds, news, signal, warn }) {
      return outputs(await resource.update({ olds: values(olds), news: values(news), signal, warn }));
    },
    async remove({ olds, signal, warn }) {
      await resource.remove({ state: values(olds), signal, warn });
    },
  };
}

/** Whether properties are a state of ours. An import has none, and a `get` in a program has what its author wrote there. */
function isState(contract: ResourceContract, properties: JsonObject): boolean {
  return contract.identity === undefined ? !isEmpty(properties) : properties[contract.identity] !== undefined;
}

function values(raw: Wire): JsonObject {
  return known(decodeObject(raw)) as JsonObject;
}

function withoutUnknownKeys(state: PlanObject): PlanObject {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== UNKNOWN));
}
