import { contractOf, contracts } from "../../schema/contracts/index.ts";
import type { Json, JsonObject } from "../../schema/json.ts";

/** For each kind: what a program may declare. `minimal` and `full` may refer to the pool of `needs`, which exists before. */
export interface Sample {
  /** The least a program can declare. */
  minimal: JsonObject;
  /** Every field. */
  full: JsonObject;
  /** For every field, another value than the one in `full`. */
  other: JsonObject;
  /** Queues made beforehand in the pool "home", which always exists. */
  queues?: readonly string[];
}

export const HOME = "home";

export const template = (image: string): JsonObject => ({
  job_configuration: { image: "{{ image }}", env: { HOME: "/root", NOTHING: null } },
  variables: { type: "object", properties: { image: { type: "string", default: image } } },
});

export const samples: Readonly<Record<string, Sample>> = {
  WorkPool: {
    minimal: { name: "etl", type: "process" },
    full: {
      name: "etl",
      type: "process",
      description: "nightly",
      isPaused: true,
      concurrencyLimit: 5,
      baseJobTemplate: template("a:1"),
      storageConfiguration: { bundleUploadStep: { "steps.upload": { bucket: "b" } } },
    },
    other: {
      name: "etl#2",
      type: "docker",
      description: "weekly",
      isPaused: false,
      concurrencyLimit: 0,
      baseJobTemplate: template("a:2"),
      storageConfiguration: { bundleExecutionStep: { "steps.run": { bucket: "c" } } },
    },
  },
  WorkQueue: {
    minimal: { workPool: HOME, name: "fast" },
    full: { workPool: HOME, name: "fast", description: "quick", isPaused: true, concurrencyLimit: 2, priority: 3 },
    other: {
      workPool: "other home",
      name: "fast?x",
      description: "slow",
      isPaused: false,
      concurrencyLimit: 0,
      priority: 1,
    },
  },
  QueueOrder: {
    minimal: { workPool: HOME, queues: ["b", "a"] },
    full: { workPool: HOME, queues: ["b", "a", "default"] },
    other: { workPool: "other home", queues: ["a", "b"] },
    queues: ["a", "b"],
  },
  BaseJobTemplate: {
    minimal: { workPool: HOME, template: template("a:1") },
    full: { workPool: HOME, template: template("a:1") },
    other: { workPool: "other home", template: template("a:2") },
  },
  GlobalConcurrencyLimit: {
    minimal: { name: "database", limit: 3 },
    full: { name: "database", limit: 3, active: false, slotDecayPerSecond: 0.5 },
    other: { name: "data base", limit: 4, active: true, slotDecayPerSecond: 2 },
  },
  TagConcurrencyLimit: {
    minimal: { tag: "database", concurrencyLimit: 3 },
    full: { tag: "database", concurrencyLimit: 3 },
    other: { tag: "data#base", concurrencyLimit: 0 },
  },
};

/** The sample of a kind. Throws: Error when a contract or one of its fields has no sample, so that none goes untested. */
export function sampleOf(kind: string): Sample {
  const sample = samples[kind];
  const contract = contracts.find((candidate) => candidate.kind === kind);
  if (sample === undefined || contract === undefined)
    throw new Error(`${kind} has no sample: add it to test/support/samples.ts`);
  for (const field of Object.keys(contract.fields)) {
    if (sample.full[field] === undefined || sample.other[field] === undefined)
      throw new Error(`${kind}.${field} has no sample: add it to test/support/samples.ts`);
  }
  return sample;
}

/** A value that the directive's type takes. */
export function directiveSample(kind: string, name: string): Json {
  const directive = contractOf(kind).directives[name];
  const value = [true, "always", "keep"].find((candidate) => directive?.type.safeParse(candidate).success);
  if (value === undefined) throw new Error(`${kind}.${name} has no sample: add a candidate`);
  return value;
}
