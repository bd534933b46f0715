import { join } from "node:path";
import { type Environment, ordinaryEnvironment } from "./environment.ts";
import { runToEnd } from "./run.ts";
import { vitest } from "./vitest.ts";

/** `npm run check`: format and lint, types, generated files, unit tests. Runs all of them, then says which failed. */
const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const env: Environment = ordinaryEnvironment();

const checks: Record<string, () => Promise<boolean>> = {
  "format and lint": () => passes(join(bin, "biome"), ["check", "--error-on-warnings", "."]),
  types: () => passes(join(bin, "tsc"), ["-p", "."]),
  "generated files": () => passes(process.execPath, [join(root, "tools", "gen.ts"), "--check"]),
  "unit tests": async () => (await vitest(["--project", "unit"], env)) === 0,
};

const failed: string[] = [];
for (const [name, check] of Object.entries(checks)) {
  console.log(`\n— ${name}`);
  if (!(await check())) failed.push(name);
}
console.log(failed.length === 0 ? "\nAll checks passed." : `\nFailed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function passes(command: string, args: string[]): Promise<boolean> {
  return (await runToEnd(command, args, { cwd: root, env, output: "show" })).code === 0;
}
