import { join } from "node:path";
import { expect, it } from "vitest";
import { ordinaryEnvironment } from "../../tools/environment.ts";
import { runToEnd } from "../../tools/run.ts";

it("a process that used the throw-away PostgreSQL ends with the exit code that it set: a failed test run is not passed off as good", async () => {
  const module = join(import.meta.dirname, "..", "..", "tools", "postgres.ts");
  const program = `
    const { startPostgres } = await import(${JSON.stringify(module)});
    const postgres = await startPostgres({ durable: false });
    await postgres.stop();
    process.exitCode = 7;
  `;
  const args = ["--input-type=module", "-e", program];
  const { code, stderr } = await runToEnd(process.execPath, args, { env: ordinaryEnvironment(), output: "collect" });
  expect(code, stderr).toBe(7);
});
