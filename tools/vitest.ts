import { join } from "node:path";
import type { Environment } from "./environment.ts";
import { runToEnd } from "./run.ts";

const root = join(import.meta.dirname, "..");

/** Runs vitest once, with the seed that the caller's environment may name for tests of chance (`test/support/seed.ts`). Answers its exit code (not 0 when a test failed or none ran). */
export async function vitest(args: readonly string[], env: Environment): Promise<number> {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const seed = process.env.PREFECT_IAC_TEST_SEED;
  const withSeed = seed === undefined ? env : { ...env, PREFECT_IAC_TEST_SEED: seed };
  return (await runToEnd(process.execPath, [program, "run", ...args], { cwd: root, env: withSeed, output: "show" }))
    .code;
}
