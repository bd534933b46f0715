import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Json } from "../../../schema/json.ts";
import type { Ended } from "../../../tools/run.ts";
import { machine } from "./machine.ts";
import type { PrefectUser } from "./prefect-user.ts";

const program = join(import.meta.dirname, "cli_session.py");

/** Prefect's CLI in the hands of a user who types many commands, one after the other. Each has a process of its own, but Prefect's
 *  imports, most of what a `prefect …` costs, happen once: a change of the user's profile is not seen. */
export class PrefectCli implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #exit: Promise<unknown>;

  constructor(user: PrefectUser) {
    this.#child = spawn(machine.prefect.python, [program], {
      cwd: user.folder,
      env: { ...user.env },
      // A group of its own, which ends as a whole.
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#exit = once(this.#child, "exit");
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Runs `prefect …` to its end, whatever that is. */
  async run(...words: string[]): Promise<Ended> {
    this.#child.stdin.write(`${JSON.stringify(words)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("the session of the CLI has ended");
    return JSON.parse(value) as Ended;
  }

  /** Answers what it printed. Throws: Error with its output when it does not end with 0. */
  async ok(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...words);
    if (code !== 0) throw new Error(`prefect ${words.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** The same, with `--output json`. */
  async json<Shape = Json>(...words: string[]): Promise<Shape> {
    return JSON.parse(await this.ok(...words, "--output", "json")) as Shape;
  }

  /** Answers what it complained about. Throws: Error with its output when it does not end with 1. */
  async refused(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...words);
    if (code !== 1) throw new Error(`prefect ${words.join(" ")} ended with ${code}, not 1:\n${stdout}${stderr}`);
    return `${stdout}${stderr}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null)
      process.kill(-this.#child.pid, "SIGKILL");
    await this.#exit;
  }
}

/** The cells of a table that the CLI printed, without its heads. */
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
