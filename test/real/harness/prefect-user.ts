import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ordinaryEnvironment } from "../../../tools/environment.ts";
import { PrefectHttp } from "../../../tools/prefect-http.ts";
import { type ExitResult, runToEnd } from "../../../tools/run.ts";
import { ProcessTree } from "./process-tree.ts";
import { setup } from "./setup.ts";

/** A program that runs while the test goes on. */
export interface BackgroundProcess {
  readonly pid: number;
  /** What it has printed so far, on stdout and stderr. */
  output(): string;
  /** Throws: Error with the output when the process ends without printing it, or after 90 s. */
  waitForOutput(text: string | RegExp): Promise<void>;
  /** Resolves with the exit code. */
  waitForExit(): Promise<number>;
  /** Ends the process and its descendants: `SIGTERM` as an orchestrator does, `SIGKILL` as when the machine is lost. */
  stop(signal?: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number>;
}

const OUTPUT_TIMEOUT_MS = 90_000;
const GRACE_MS = 20_000;

/** A user of Prefect's own client: a new home folder, a copy of the test's flows, and the API of a server. */
export class PrefectUser implements AsyncDisposable {
  /** The working folder of all its processes, with a copy of test/real/flows. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The same API over plain HTTP. */
  readonly api: PrefectHttp;
  readonly #processes: BackgroundProcess[] = [];

  private constructor(folder: string, url: string, authString: string | undefined) {
    this.folder = folder;
    this.api = new PrefectHttp(url, { authString });
    this.env = {
      ...ordinaryEnvironment(),
      HOME: folder,
      PREFECT_HOME: join(folder, "home"),
      PREFECT_API_URL: url,
      ...(authString !== undefined && { PREFECT_API_AUTH_STRING: authString }),
      PREFECT_SERVER_ANALYTICS_ENABLED: "false",
      DO_NOT_TRACK: "1",
      // So that the CLI's tables are not truncated.
      COLUMNS: "250",
      PREFECT_LOGGING_COLORS: "false",
      NO_COLOR: "1",
      // So that a killed process has flushed its output.
      PYTHONUNBUFFERED: "1",
    };
  }

  static async create(url: string, { authString }: { authString?: string } = {}): Promise<PrefectUser> {
    const folder = await mkdtemp(join(tmpdir(), "prefect-user-"));
    await cp(join(import.meta.dirname, "..", "flows"), folder, { recursive: true });
    return new PrefectUser(folder, url, authString);
  }

  /** Runs `prefect …`, whatever its exit code. */
  async cli(...args: string[]): Promise<ExitResult> {
    return this.python("-m", "prefect", ...args);
  }

  /** Runs `prefect …` and returns its stdout. Throws: Error with the output when it fails. */
  async prefect(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cli(...args);
    if (code !== 0) throw new Error(`prefect ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  async python(...args: string[]): Promise<ExitResult> {
    const options = { cwd: this.folder, env: { ...this.env }, output: "collect" } as const;
    return runToEnd(setup.prefect.python, args, options);
  }

  async write(file: string, content: string): Promise<void> {
    await writeFile(join(this.folder, file), content);
  }

  /** Starts `prefect …` in the background, with `env` added. Stopped with the user at the latest. */
  start(args: readonly string[], env: Record<string, string> = {}): BackgroundProcess {
    return this.startPython(["-m", "prefect", ...args], env);
  }

  startPython(args: readonly string[], env: Record<string, string> = {}): BackgroundProcess {
    const started = startInBackground(setup.prefect.python, args, this.folder, { ...this.env, ...env });
    this.#processes.push(started);
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((started) => started.stop("SIGKILL")));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** In a process group of its own. */
function startInBackground(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): BackgroundProcess {
  const child: ChildProcess = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} does not start`);
  let output = "";
  const append = (chunk: Buffer) => {
    output += String(chunk);
  };
  child.stdout?.on("data", append);
  child.stderr?.on("data", append);
  const exit = once(child, "exit").then(([code, signal]) => (code as number | null) ?? (signal === null ? 0 : 128));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const killGroup = (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // The group is empty.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  };
  return {
    pid,
    output: () => output,
    async waitForOutput(text) {
      const end = Date.now() + OUTPUT_TIMEOUT_MS;
      const isPrinted = () => (typeof text === "string" ? output.includes(text) : text.test(output));
      while (!isPrinted()) {
        if (hasEnded() || Date.now() > end)
          throw new Error(`${args.join(" ")} never printed ${String(text)}:\n${output}`);
        await delay(50);
      }
    },
    waitForExit: () => exit,
    async stop(signal = "SIGTERM") {
      const descendants = hasEnded() ? undefined : ProcessTree.below(pid);
      if (signal === "SIGKILL") killGroup(signal);
      else if (!hasEnded()) child.kill(signal);
      const ended = await Promise.race([exit.then(() => true), delay(GRACE_MS, false, { ref: false })]);
      if (!ended) killGroup("SIGKILL");
      const code = await exit;
      killGroup("SIGKILL");
      descendants?.kill();
      return code;
    },
  };
}

/** Reads until the condition holds, and returns that value. Throws: Error with the last value after `seconds`. */
export async function waitUntil<T>(read: () => Promise<T>, condition: (value: T) => boolean, seconds = 90): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (condition(value)) return value;
    if (Date.now() > end)
      throw new Error(`not reached within ${seconds} s; the last value:\n${JSON.stringify(value, null, 2)}`);
    await delay(100);
  }
}
