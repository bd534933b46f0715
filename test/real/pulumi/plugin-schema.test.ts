import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pulumiEnvironment } from "../../../tools/pulumi-environment.ts";
import { type ExitResult, runToEnd } from "../../../tools/run.ts";
import { setup } from "../harness/setup.ts";

/** The package schema as the CLI reads it, for YAML programs and generated SDKs. */

describe("the plugin's schema", () => {
  const executable = join(setup.project, "node_modules", ".bin", "pulumi-resource-prefect");
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(setup.project, "schema-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function pulumi(...args: string[]): Promise<ExitResult> {
    const env = { ...pulumiEnvironment({ home: folder, state: folder }), HOME: folder, PATH: process.env.PATH ?? "" };
    return runToEnd(join(setup.pulumi, "pulumi"), args, { cwd: folder, env, output: "collect" });
  }

  async function committedSchema(): Promise<Record<string, unknown>> {
    const file = join(setup.project, "node_modules", "prefect-iac", "schema", "pulumi.json");
    return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  }

  it("is accepted by pulumi schema check, without a warning", async () => {
    await writeFile(join(folder, "schema.json"), JSON.stringify(await committedSchema()));
    const { code, stdout, stderr } = await pulumi("schema", "check", "schema.json");
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).not.toMatch(/warning|error/i);
  });

  it("is what pulumi package get-schema gets from the installed plugin", async () => {
    const { code, stdout, stderr } = await pulumi("package", "get-schema", executable);
    expect(code, stderr).toBe(0);
    const actual = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    const expected = (await committedSchema()) as Record<string, Record<string, unknown>>;
    // The CLI normalizes the schema; tokens and their contents must be equal.
    expect(actual.version).toEqual(expected.version);
    for (const part of ["resources", "functions", "types"] as const) {
      expect(Object.keys(actual[part] ?? {}).sort()).toEqual(Object.keys(expected[part] ?? {}).sort());
    }
    for (const [token, resource] of Object.entries(expected.resources ?? {})) {
      expect(actual.resources?.[token]).toEqual(resource);
    }
  });
});
