import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Json } from "../../../schema/json.ts";
import type { ExitResult } from "../../../tools/run.ts";
import type { PrefectUser } from "./prefect-user.ts";
import { setup } from "./setup.ts";

const program = join(import.meta.dirname, "cli_session.py");

/** Runs many commands of Prefect's CLI, one after the other. Each has a process of its own, forked from one that has imported Prefect
 *  already, since the imports take most of a command's time. A change of the user's profile is therefore not noticed. */
export class PrefectCli implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #results: AsyncIterator<string>;
  readonly #exit: Promise<unknown>;

  constructor(user: PrefectUser) {
    this.#child = spawn(setup.prefect.python, [program], {
      cwd: user.folder,
      env: { ...user.env },
      // In a process group of its own, which is killed as a whole.
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#exit = once(this.#child, "exit");
    this.#results = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Runs `prefect …`, whatever its exit code. */
  async run(...args: string[]): Promise<ExitResult> {
    this.#child.stdin.write(`${JSON.stringify(args)}\n`);
    const { value, done } = await this.#results.next();
    if (done) throw new Error("the CLI session has ended");
    return JSON.parse(value) as ExitResult;
  }

  /** Returns stdout. Throws: Error with the output for another exit code than 0. */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`prefect ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** The same, with `--output json`. */
  async json<Shape = Json>(...args: string[]): Promise<Shape> {
    return JSON.parse(await this.ok(...args, "--output", "json")) as Shape;
  }

  /** Returns the output. Throws: Error with it for another exit code than 1. */
  async expectError(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 1) throw new Error(`prefect ${args.join(" ")} ended with ${code}, not 1:\n${stdout}${stderr}`);
    return `${stdout}${stderr}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null)
      process.kill(-this.#child.pid, "SIGKILL");
    await this.#exit;
  }
}

/** The cells of a table that the CLI printed, without its header. */
export function rows(table: string): string[][] {
  return table
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("│"))
        .split("│")
        .map((cell) => cell.trim()),
    );
}
