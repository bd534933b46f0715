import { rm } from "node:fs/promises";
import { join } from "node:path";
import { coverageTable, readCoverage } from "./coverage.ts";
import { type Environment, ordinaryEnvironment } from "./environment.ts";
import { runToEnd } from "./run.ts";
import { table } from "./table.ts";
import { vitest } from "./vitest.ts";

/** `npm run check`: format and lint, types, generated files, unit tests. Runs all of them, then says which failed, how long each took,
 *  and how much of the code the unit tests ran. */
const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const env: Environment = ordinaryEnvironment();
const coverage = join(root, ".cache", `coverage-${process.pid}`);
const coverageOptions = ["--coverage", "--coverage.reporter=json-summary", `--coverage.reportsDirectory=${coverage}`];

const steps: Record<string, () => Promise<boolean>> = {
  "format and lint": () => passes(join(bin, "biome"), ["check", "--error-on-warnings", "."]),
  types: () => passes(join(bin, "tsc"), ["-p", "."]),
  "generated files": () => passes(process.execPath, [join(root, "tools", "gen.ts"), "--check"]),
  "unit tests": async () => (await vitest(["--project", "unit", ...coverageOptions], env)) === 0,
};

const rows: string[][] = [];
const failed: string[] = [];
for (const [name, step] of Object.entries(steps)) {
  console.log(`\n— ${name}`);
  const start = performance.now();
  const passed = await step();
  rows.push([name, `${((performance.now() - start) / 1000).toFixed(1)} s`, passed ? "passed" : "failed"]);
  if (!passed) failed.push(name);
}
// Vitest reports no coverage when a test failed.
if (!failed.includes("unit tests")) print(coverageTable(root, readCoverage(coverage)));
await rm(coverage, { recursive: true, force: true });
print(table(["step", "time", "result"], rows));
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function passes(command: string, args: string[]): Promise<boolean> {
  return (await runToEnd(command, args, { cwd: root, env, output: "show" })).code === 0;
}

function print(lines: readonly string[]): void {
  console.log(`\n${lines.join("\n")}`);
}
