import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { builtOnce, cacheFolder } from "../built-once.ts";
import { buildEnvironment, type Environment, ordinaryEnvironment } from "../environment.ts";
import { freePort } from "../free-port.ts";
import { run, runToEnd } from "../run.ts";

const requirements = join(import.meta.dirname, "requirements.txt");
const PYTHONS = ["python3.13", "python3.12", "python3.11", "python3.10", "python3"];

/** A Python environment in the cache with the pinned Prefect. */
export interface PrefectInstall {
  python: string;
  version: string;
}

export async function prefectInstall(log: (line: string) => void): Promise<PrefectInstall> {
  const { name, version } = pinned();
  const folder = await builtOnce(name, async (target) => {
    log(`Installing Prefect ${version} into a Python environment of its own, once: a minute or two, kept in ${target}`);
    const env = buildEnvironment();
    await run(await supportedPython(env), ["-m", "venv", target], { env, output: "collect" });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    await run(join(target, "bin", "python"), install, { env, output: "show" });
  });
  return { python: join(folder, "bin", "python"), version };
}

/** The same, if it is already in the cache. */
export function prefectIfInstalled(): PrefectInstall | undefined {
  const { name, version } = pinned();
  const python = join(cacheFolder(), name, "bin", "python");
  return existsSync(python) ? { python, version } : undefined;
}

/** The name in the cache: other pins are another environment. */
function pinned(): { name: string; version: string } {
  const pins = readFileSync(requirements, "utf8");
  const version = pins.match(/^prefect==(\S+)/m)?.[1];
  if (version === undefined) throw new Error(`${requirements} does not pin prefect`);
  const fingerprint = createHash("sha256").update(pins).digest("hex").slice(0, 8);
  return { name: `prefect-${version}-${fingerprint}`, version };
}

async function supportedPython(env: Environment): Promise<string> {
  const question = "import sys, venv; print(int((3, 10) <= sys.version_info[:2] < (3, 15)))";
  for (const python of PYTHONS) {
    const answer = await runToEnd(python, ["-c", question], { env, output: "collect" }).catch(() => undefined);
    if (answer?.stdout.trim() === "1") return python;
  }
  throw new Error(`Prefect needs Python 3.10 to 3.14 with venv; none of ${PYTHONS.join(", ")} is one`);
}

export interface RunningPrefect extends AsyncDisposable {
  /** With `/api`, without a slash at the end. */
  url: string;
  pid: number;
  /** Its SQLite file, without PostgreSQL. */
  file: string;
}

const START_TIMEOUT_MS = 300_000;

/** Starts a Prefect server in a folder of its own, and waits until it is healthy: on SQLite, or on the PostgreSQL database of that
 *  URL. Disposing stops it and removes the folder. Throws: Error with the server's output when it does not come up in time:
 *  several start side by side, on a machine that builds at the same moment. */
export async function startPrefect(install: PrefectInstall, postgres?: string): Promise<RunningPrefect> {
  const home = await mkdtemp(join(tmpdir(), "prefect-"));
  const port = await freePort();
  const log = await open(join(home, "server.log"), "w");
  const env = {
    ...ordinaryEnvironment(),
    HOME: home,
    PREFECT_HOME: home,
    PREFECT_SERVER_ANALYTICS_ENABLED: "false",
    DO_NOT_TRACK: "1",
    ...(postgres !== undefined && {
      PREFECT_SERVER_DATABASE_CONNECTION_URL: postgres.replace(/^postgres(ql)?:/, "postgresql+asyncpg:"),
    }),
  };
  const args = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", String(port)];
  const child = spawn(install.python, args, { cwd: home, env, stdio: ["ignore", log.fd, log.fd] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const gone = await Promise.race([ended.then(() => true), delay(10_000, false, { ref: false })]);
      if (!gone) child.kill("SIGKILL");
      await ended;
    }
    await log.close();
    await rm(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/api`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return { url, pid: child.pid as number, file: join(home, "prefect.db"), [Symbol.asyncDispose]: stop };
    if (child.exitCode !== null) break;
    await delay(200);
  }
  const output = readFileSync(join(home, "server.log"), "utf8");
  await stop();
  throw new Error(`Prefect's server did not come up:\n${output}`);
}
