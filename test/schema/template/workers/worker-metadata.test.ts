import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultTemplate, workerMetadata, workerTypes } from "../../../../schema/template/workers/worker-metadata.ts";

type Tree = { [key: string]: unknown };

/** Prefect 3.8.4's own document without its descriptions and logos. */
const upstream = JSON.parse(
  readFileSync(new URL("../../../fixtures/worker-metadata/3.8.json", import.meta.url), "utf8"),
) as { [package_: string]: { [type: string]: Tree } };

const withoutDescriptions = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      (key === "description" && typeof inner === "string") || key === "logo_url" ? undefined : inner,
    ),
  );

describe("the bundled worker types", () => {
  it("are Prefect's own, in structure, defaults, key order and metadata", () => {
    expect(JSON.stringify(withoutDescriptions(workerMetadata()))).toBe(JSON.stringify(upstream));
  });

  it("are the eight that Prefect ships", () => {
    expect([...workerTypes()].sort()).toEqual(
      Object.values(upstream)
        .flatMap((types) => Object.keys(types))
        .sort(),
    );
  });

  it.each(workerTypes())("give %s a description wherever Prefect has one, and load no logo from elsewhere", (type) => {
    const worker = Object.values(workerMetadata()).find((types) => types[type] !== undefined)?.[type];
    expect(worker?.description).toMatch(/^Runs each flow run .+\.$/);
    expect(worker?.logo_url).toBe("");
    const variables = worker?.default_base_job_configuration.variables as { properties: { [name: string]: Tree } };
    const undescribed = Object.entries(variables.properties).filter(
      ([, schema]) => !/\.$/.test(String(schema.description)),
    );
    expect(undescribed).toEqual([]);
  });

  it("are fresh copies: changing one changes no other", () => {
    const first = defaultTemplate("process");
    if (first === undefined) throw new Error("there is a process template");
    first.variables = {};
    expect(defaultTemplate("process")?.variables).not.toEqual({});
  });

  it("have no template for other types, not even for names that every object has", () => {
    expect(["modal:push", "constructor", "__proto__", ""].map((type) => defaultTemplate(type))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("refuse a version that is not bundled, naming those that are", () => {
    expect(() => defaultTemplate("process", "2.0")).toThrow(RangeError);
    expect(() => workerMetadata("toString")).toThrow(/there are some for 3\.8/);
  });
});
