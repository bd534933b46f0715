import { join } from "node:path";
import type { Environment } from "./environment.ts";
import { runToEnd } from "./run.ts";

const root = join(import.meta.dirname, "..");

/** What the caller's environment may ask of the tests: another seed (`test/support/seed.ts`), and a PostgreSQL of its own
 *  (`test/server/support/postgres.ts`). */
const OPTIONS = ["PREFECT_IAC_TEST_SEED", "PREFECT_IAC_TEST_POSTGRES"];

/** Runs vitest once. Answers its exit code (not 0 when a test failed or none ran). */
export async function vitest(args: readonly string[], env: Environment): Promise<number> {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const options = OPTIONS.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const { code } = await runToEnd(process.execPath, [program, "run", ...args], {
    cwd: root,
    env: { ...env, ...Object.fromEntries(options) },
    output: "show",
  });
  return code;
}
