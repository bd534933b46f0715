import { describe, expect, it } from "vitest";
import { createEngine } from "../../../provider/engine/create-engine.ts";
import type { Engine } from "../../../provider/engine/types.ts";
import { resources } from "../../../provider/resources/index.ts";
import { contracts } from "../../../schema/contracts/index.ts";
import { type PlanObject, UNKNOWN } from "../../../schema/json.ts";
import { sampleOf } from "../../support/samples.ts";

const engine = (): Engine => createEngine({ settings: {}, resources, environment: { env: {}, readFile: () => "" } });

function rules(engine: Engine, kind: string, program: PlanObject, resourceName?: string, inState = false): string[] {
  const { problems } = engine.resource(kind).check({ program, resourceName, inState });
  return problems.filter(({ severity }) => severity === "error").map(({ rule }) => rule);
}

describe.each(contracts.map(({ kind }) => kind))("two resources of one program that declare the same %s", (kind) => {
  const { minimal, other } = sampleOf(kind);

  it("are refused, naming both", () => {
    const process = engine();
    expect(rules(process, kind, minimal, "first")).toEqual([]);
    const { problems } = process.resource(kind).check({ program: minimal, resourceName: "second", inState: false });
    const twice = problems.filter(({ rule }) => rule === "declared-twice");
    expect(twice).toHaveLength(1);
    expect(twice[0]?.message).toMatch(/^is also declared by the resource "first": "first" and "second" would be one /);
  });

  it("are not seen in one that is checked again, in others, in what is unknown, or without names", () => {
    const process = engine();
    for (const inState of [true, false, false]) expect(rules(process, kind, minimal, "first", inState)).toEqual([]);
    const different = Object.fromEntries(Object.keys(minimal).map((name) => [name, other[name] ?? null]));
    expect(rules(process, kind, different, "second")).toEqual([]);
    const unknown: PlanObject = { ...minimal };
    for (const [name, value] of Object.entries(minimal)) if (typeof value === "string") unknown[name] = UNKNOWN;
    expect(rules(process, kind, unknown, "third")).toEqual([]);
    expect(rules(process, kind, minimal)).toEqual([]);
  });
});
