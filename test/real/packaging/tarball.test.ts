import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import ts from "typescript";
import { beforeAll, expect, it } from "vitest";
import { setup } from "../harness/setup.ts";

/** The tarball that would be published. */

const installed = join(setup.project, "node_modules", "prefect-iac");
let manifest: { bin: object; exports: object; dependencies: object; peerDependencies: object };
beforeAll(async () => {
  manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
});

it("has all files that exports, bins and types name, and no sources or tests", async () => {
  const named = JSON.stringify([manifest.bin, manifest.exports]).match(/\.\/[^"]+/g) ?? [];
  const targets = named.filter((path) => /\.(c?js|d\.c?ts|json)$|^\.\/dist\/bin\//.test(path));
  expect(targets.length).toBeGreaterThan(10);
  for (const path of targets) expect((await readFile(join(installed, path))).length, path).toBeGreaterThan(0);
  const top = (await readdir(installed)).sort();
  expect(top).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist", "package.json"]));
  expect(
    top.filter((name) => ["server", "provider", "sdk", "test", "tools", "examples", "node_modules"].includes(name)),
  ).toEqual([]);
});

it("has one declaration file for each entry point and module format, with other packages' types only by import", async () => {
  const files = (await readdir(join(installed, "dist"), { recursive: true })).filter((file) => /\.d\.c?ts$/.test(file));
  const named = new Set(JSON.stringify(manifest.exports).match(/[\w-]+\.d\.c?ts/g));
  expect(files.sort()).toEqual([...named].sort());
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const file of files) {
    const text = await readFile(join(installed, "dist", file), "utf8");
    const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    expect(packages, file).toEqual(expect.arrayContaining(imported));
  }
});

it("is a valid package by publint", async () => {
  const { buffer } = new Uint8Array(await readFile(setup.tarball));
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
  expect(messages).toEqual([]);
});

it("gives each way of importing it the right types, by arethetypeswrong", async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(setup.tarball))));
  if (!analysis.types) throw new Error("the package has no types");
  expect(Object.keys(analysis.entrypoints)).toEqual(Object.keys(manifest.exports));
  expect(analysis.problems).toEqual([]);
});
