import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { ordinaryEnvironment } from "../../../tools/environment.ts";
import { run } from "../../../tools/run.ts";
import { setup } from "../harness/setup.ts";
import { compile, compilers } from "./compile.ts";
import { everyEntry, invalidStatements, type Project, projects } from "./projects.ts";

/** The packed and installed package in projects of each kind, away from our sources. */

async function writeProject(files: Project["files"]): Promise<string> {
  const folder = await mkdtemp(join(setup.project, "program-"));
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
}

const template = { job_configuration: {}, variables: { properties: { image: { default: "flows:1" } } } };
const declared = { type: "docker", concurrencyLimit: 5, baseJobTemplate: template, name: "etl" };

describe.each(projects)("in a project of $name", ({ files, main, compiler }) => {
  it("a program compiles, and registers what it declares with both entries", async () => {
    const folder = await writeProject(files);
    if (compiler !== undefined) expect(compile(compilers[compiler], folder)).toEqual([]);
    const printed = await run(process.execPath, [main], { cwd: folder, env: ordinaryEnvironment(), output: "collect" });
    expect(JSON.parse(printed)).toEqual({
      name: "etl",
      queues: [],
      registered: [
        ["prefect:index:WorkPool", declared],
        ["pulumi-nodejs:dynamic/prefect:WorkPool", { ...declared, __provider: expect.any(String) }],
        ["pulumi:providers:prefect", { apiUrl: "http://127.0.0.1:1/api" }],
      ],
    });
  });
});

describe.each(projects.filter((project) => project.compiler === "ours"))("in a project of $name", ({ files, main }) => {
  it("every entry compiles and loads", async () => {
    const folder = await writeProject({ ...files, "index.ts": everyEntry });
    expect(compile(compilers.ours, folder)).toEqual([]);
    const printed = await run(process.execPath, [main], { cwd: folder, env: ordinaryEnvironment(), output: "collect" });
    expect(printed).toBe("WorkPool Provider connect WorkPool startServer http://127.0.0.1:4200/api\n");
  });
});

describe("an invalid program", () => {
  it("does not compile, and the compiler says where and why", async () => {
    const typescript = projects.find((project) => project.compiler === "ours");
    const lines = ['import * as prefect from "prefect-iac";', ...invalidStatements.map(({ statement }) => statement)];
    const folder = await writeProject({ ...typescript?.files, "index.ts": lines.join("\n") });
    const errors = compile(compilers.ours, folder);
    expect(errors.map((line) => line.split(": ")[0])).toEqual(
      invalidStatements.map((_, index) => `index.ts:${index + 2}`),
    );
    for (const [index, { message }] of invalidStatements.entries()) expect(errors[index]).toContain(message);
  });
});

describe("importing the classes", () => {
  const recorder = `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context);
        const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*node_modules\\/)/.exec(found.url)?.[1];
        if (name === "prefect-iac") loaded.add(found.url.slice(found.url.indexOf("prefect-iac")));
        else if (name !== undefined) loaded.add(name);
        return found;
      },
    });
    process.on("exit", () => console.log(JSON.stringify([...loaded])));
  `;

  it.each([
    { how: "import", statement: (entry: string) => `await import(${JSON.stringify(entry)});` },
    {
      how: "require",
      statement: (entry: string) =>
        `process.getBuiltinModule("module").createRequire(import.meta.url)(${JSON.stringify(entry)});`,
    },
  ])("by $how loads no engine, no HTTP client and no validator", async ({ statement }) => {
    const folder = await writeProject({
      "recorder.mjs": recorder,
      "index.mjs": ["prefect-iac", "prefect-iac/native"].map(statement).join("\n"),
    });
    const args = ["--import", pathToFileURL(join(folder, "recorder.mjs")).href, "index.mjs"];
    const printed = await run(process.execPath, args, {
      cwd: folder,
      env: ordinaryEnvironment(),
      output: "collect",
    });
    const loaded = JSON.parse(printed) as string[];
    expect(loaded).toContain("@pulumi/pulumi");
    expect(loaded.filter((name) => /^(zod|ajv|ajv-formats|undici|kysely|fastify|pino|pg|ws)$/.test(name))).toEqual([]);
    expect(loaded.filter((name) => /invoke-in-process|dynamic\.cjs|plugin|schema|client|server/.test(name))).toEqual(
      [],
    );
  });
});
