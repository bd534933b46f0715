import { join } from "node:path";
import type { Environment } from "./environment.ts";
import { runToEnd } from "./run.ts";

const root = join(import.meta.dirname, "..");

/** Runs vitest once. Answers its exit code (not 0 when a test failed or none ran). */
export async function vitest(args: readonly string[], env: Environment): Promise<number> {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  return (await runToEnd(process.execPath, [program, "run", ...args], { cwd: root, env, output: "show" })).code;
}
