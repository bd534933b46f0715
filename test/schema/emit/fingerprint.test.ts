import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageFacts from "../../../package.json" with { type: "json" };
import { field } from "../../../schema/define.ts";
import { fingerprint } from "../../../schema/emit/fingerprint.ts";
import { readFingerprints, recorded } from "../../../tools/fingerprints.ts";
import { definition } from "./package-definition.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const now = fingerprint(definition);

it("the contracts are what this version of the package recorded: a released one needs a new version to change", () => {
  expect(now).toEqual(readFingerprints(root)[packageFacts.version]?.contracts);
});

describe("recording", () => {
  const other = { WorkPool: { name: "something else" } };

  it("follows the contracts as long as the version is not released", () => {
    const history = { "1.0.0": { released: false, contracts: other } };
    expect(recorded(history, "1.0.0", now)).toEqual({ "1.0.0": { released: false, contracts: now } });
  });

  it("never changes a released version, and so the first test of this file fails", () => {
    const history = { "1.0.0": { released: true, contracts: other } };
    expect(recorded(history, "1.0.0", now)).toEqual(history);
  });

  it("keeps the released versions beside a new one", () => {
    const released = { released: true, contracts: other };
    const history = { "1.0.0": released };
    expect(recorded(history, "1.1.0", now)).toEqual({
      "1.0.0": released,
      "1.1.0": { released: false, contracts: now },
    });
  });
});

describe("a fingerprint", () => {
  const [pool, ...others] = definition.contracts;
  if (pool === undefined) throw new Error("there is no contract");
  const description = pool.fields.description;
  if (description === undefined) throw new Error("there is no description");
  const withDescription = (changed: typeof description) => {
    const contracts = [{ ...pool, fields: { ...pool.fields, description: changed } }, ...others];
    return fingerprint({ ...definition, contracts });
  };

  it("does not care for prose", () => {
    expect(withDescription({ ...description, doc: "Other words." })).toEqual(now);
  });

  it.each([
    ["what a change does", { ...description, onChange: "replace" as const }],
    ["what a deleted line does", { ...description, removed: "keep" as const }],
    ["the value at birth", { ...description, serverDefault: { value: "" } }],
    ["the name in the API", { ...description, apiName: "text" }],
    ["the type", { ...description, type: pool.fields.isPaused?.type ?? description.type }],
    ["whether it is required", field(description.type, { doc: "", required: true })],
  ])("changes with %s", (_what, changed) => {
    const changes = withDescription(changed);
    expect(changes.WorkPool?.description).not.toBe(now.WorkPool?.description);
    expect({ ...changes, WorkPool: { ...changes.WorkPool, description: "" } }).toEqual({
      ...now,
      WorkPool: { ...now.WorkPool, description: "" },
    });
  });
});
