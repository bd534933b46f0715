import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ordinaryEnvironment } from "../../../tools/environment.ts";
import { PrefectByHand } from "../../../tools/prefect-by-hand.ts";
import { type Ended, runToEnd } from "../../../tools/run.ts";
import { machine } from "./machine.ts";
import { ProcessTree } from "./process-tree.ts";

/** A program that goes on while the test does something else. */
export interface Running {
  readonly pid: number;
  /** What it has printed so far, on stdout and stderr. */
  output(): string;
  /** Answers when it has printed that. Throws: Error with its output when it ends before, or after a minute and a half. */
  said(text: string | RegExp): Promise<void>;
  /** Answers its exit code when it has ended by itself. */
  ended(): Promise<number>;
  /** Ends it and all that it started. `SIGTERM` is what an orchestrator sends, `SIGKILL` is a machine that is gone. */
  stop(signal?: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number>;
}

const PATIENCE_MS = 90_000;
const GRACE_MS = 20_000;

/** Somebody who works with Prefect's own client: a new home, the test's flows beside it, and the API of a server. */
export class PrefectUser implements AsyncDisposable {
  /** The working folder of everything that is started; holds a copy of test/real/flows. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The same API over plain HTTP, for the test's own eyes. */
  readonly byHand: PrefectByHand;
  readonly #running: Running[] = [];

  private constructor(folder: string, url: string, authString: string | undefined) {
    this.folder = folder;
    this.byHand = new PrefectByHand(url, { authString });
    this.env = {
      ...ordinaryEnvironment(),
      HOME: folder,
      PREFECT_HOME: join(folder, "home"),
      PREFECT_API_URL: url,
      ...(authString !== undefined && { PREFECT_API_AUTH_STRING: authString }),
      PREFECT_SERVER_ANALYTICS_ENABLED: "false",
      DO_NOT_TRACK: "1",
      // Tables of the CLI are not to be cut.
      COLUMNS: "250",
      PREFECT_LOGGING_COLORS: "false",
      NO_COLOR: "1",
      // Programs that are killed have said all they had to say.
      PYTHONUNBUFFERED: "1",
    };
  }

  static async at(url: string, { authString }: { authString?: string } = {}): Promise<PrefectUser> {
    const folder = await mkdtemp(join(tmpdir(), "prefect-user-"));
    await cp(join(import.meta.dirname, "..", "flows"), folder, { recursive: true });
    return new PrefectUser(folder, url, authString);
  }

  /** Runs `prefect …` to its end, whatever that is. */
  async cli(...args: string[]): Promise<Ended> {
    return this.python("-m", "prefect", ...args);
  }

  /** The same. Answers what it printed. Throws: Error with its output when it fails. */
  async prefect(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cli(...args);
    if (code !== 0) throw new Error(`prefect ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  async python(...args: string[]): Promise<Ended> {
    const options = { cwd: this.folder, env: { ...this.env }, output: "collect" } as const;
    return runToEnd(machine.prefect.python, args, options);
  }

  async write(file: string, content: string): Promise<void> {
    await writeFile(join(this.folder, file), content);
  }

  /** Starts `prefect …` in the background; `env` comes on top. Stopped with the user at the latest. */
  start(args: readonly string[], env: Record<string, string> = {}): Running {
    return this.startPython(["-m", "prefect", ...args], env);
  }

  startPython(args: readonly string[], env: Record<string, string> = {}): Running {
    const running = background(machine.prefect.python, args, this.folder, { ...this.env, ...env });
    this.#running.push(running);
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((running) => running.stop("SIGKILL")));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** In a process group of its own. */
function background(command: string, args: readonly string[], cwd: string, env: Record<string, string>): Running {
  const child: ChildProcess = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} does not start`);
  let output = "";
  const take = (chunk: Buffer) => {
    output += String(chunk);
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  const exit = once(child, "exit").then(([code, signal]) => (code as number | null) ?? (signal === null ? 0 : 128));
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const killGroup = (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // Nobody of the group is left.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  };
  return {
    pid,
    output: () => output,
    async said(text) {
      const end = Date.now() + PATIENCE_MS;
      const isThere = () => (typeof text === "string" ? output.includes(text) : text.test(output));
      while (!isThere()) {
        if (isOver() || Date.now() > end) throw new Error(`${args.join(" ")} never said ${String(text)}:\n${output}`);
        await delay(50);
      }
    },
    ended: () => exit,
    async stop(signal = "SIGTERM") {
      const started = isOver() ? undefined : ProcessTree.below(pid);
      if (signal === "SIGKILL") killGroup(signal);
      else if (!isOver()) child.kill(signal);
      const over = await Promise.race([exit.then(() => true), delay(GRACE_MS, false, { ref: false })]);
      if (!over) killGroup("SIGKILL");
      const code = await exit;
      killGroup("SIGKILL");
      started?.kill();
      return code;
    },
  };
}

/** Looks until it is so. Throws: Error with the last look when it does not come. `seconds` bounds the wait. */
export async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean, seconds = 90): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > end)
      throw new Error(`it did not come within ${seconds} s; last seen:\n${JSON.stringify(seen, null, 2)}`);
    await delay(100);
  }
}
