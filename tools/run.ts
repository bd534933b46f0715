import { type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Environment } from "./environment.ts";

export interface RunOptions {
  cwd?: string;
  env: Environment;
  /** `show` passes the program's output on, `collect` keeps it for the answer and for the error. */
  output: "show" | "collect";
}

/** Runs a program to its end. Answers its standard output (`collect`) or nothing. Throws: ProgramFailed. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(command, args, options);
  if (code !== 0) throw new ProgramFailed([command, ...args].join(" "), code, `${stdout}${stderr}`.trim());
  return stdout;
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever that is. Throws: the operating system's error when it cannot start. */
export function runToEnd(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
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

export class ProgramFailed extends Error {
  override readonly name = "ProgramFailed";
  readonly code: number;

  constructor(command: string, code: number, output: string) {
    super(`${command}\nended with code ${code}${output === "" ? "" : `:\n${output}`}`);
    this.code = code;
  }
}
