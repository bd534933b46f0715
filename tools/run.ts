import { type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Environment } from "./environment.ts";

export interface RunOptions {
  cwd?: string;
  env: Environment;
  /** `show` passes the program's output on, `collect` returns it. */
  output: "show" | "collect";
}

/** Runs a program to its end. Returns its standard output with `collect`. Throws: ProgramError when its exit code is not 0. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(command, args, options);
  if (code !== 0) throw new ProgramError([command, ...args].join(" "), code, `${stdout}${stderr}`.trim());
  return stdout;
}

export interface ExitResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit code. Throws: the operating system's error when it cannot start. */
export function runToEnd(command: string, args: readonly string[], options: RunOptions): Promise<ExitResult> {
  const spawning: SpawnOptions = {
    env: options.env,
    stdio: options.output === "show" ? "inherit" : ["ignore", "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, spawning);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({
        code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly code: number;

  constructor(command: string, code: number, output: string) {
    super(`${command}\nexited with code ${code}${output === "" ? "" : `:\n${output}`}`);
    this.code = code;
  }
}
