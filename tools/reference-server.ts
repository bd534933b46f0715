import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Environment } from "./environment.ts";

export interface RunningServer extends AsyncDisposable {
  /** For PREFECT_API_URL. */
  readonly url: string;
  readonly pid: number;
}

/** Starts the reference server that is installed in a project, on a free port. `db`: a file, or `memory`. Its stderr is this process's.
 *  Throws: Error when it ends before it prints its URL. */
export async function startReferenceServer(options: {
  project: string;
  db: string;
  env: Environment;
}): Promise<RunningServer> {
  return startServeCommand(join(options.project, "node_modules", ".bin", "prefect-iac"), options);
}

/** The same with the path of a `prefect-iac` command. */
export async function startServeCommand(
  command: string,
  options: { db: string; env: Environment },
): Promise<RunningServer> {
  const args = ["serve", "--port", "0", "--db", options.db];
  const child = spawn(command, args, { env: options.env, stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  for await (const line of createInterface(child.stdout)) {
    const url = line.match(/https?:\/\/[^\s"']+\/api/)?.[0];
    if (url === undefined) continue;
    child.stdout.resume();
    return { url, pid: child.pid as number, [Symbol.asyncDispose]: stop };
  }
  throw new Error("the reference server ended before it printed its URL");
}
