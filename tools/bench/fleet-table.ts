import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildEnvironment, clearEnvironment, ordinaryEnvironment } from "../environment.ts";
import { prefectIfInstalled, startPrefect } from "../prefect/server.ts";
import { pulumiCli } from "../pulumi-cli.ts";
import { startReferenceServer } from "../reference-server.ts";
import { run } from "../run.ts";
import type { Scope } from "../until-stopped.ts";
import { installUserProject } from "../user-project.ts";
import { type FleetOptions, measureFleet, type Phase } from "./measure-fleet.ts";

export interface FleetTableOptions {
  scope: Scope;
  modes: readonly FleetOptions["mode"][];
  /** Numbers of objects. */
  sizes: readonly number[];
  /** Also on a real Prefect, if one is installed. */
  compare: boolean;
  log(line: string): void;
}

const root = join(import.meta.dirname, "..", "..");

/** Prints the cost of each command in a fleet's life, with the packed package and the real CLI. Clears this process's environment. */
export async function fleetTable({ scope, modes, sizes, compare, log }: FleetTableOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-bench-"));
  scope.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const cli = await pulumiCli({ yaml: false, log });
  const install = compare ? prefectIfInstalled() : undefined;
  const build = [join(root, "tools", "build.ts")];
  await run(process.execPath, build, { cwd: root, env: buildEnvironment(), output: "collect" });
  const project = join(folder, "project");
  await installUserProject(project);
  clearEnvironment();
  process.env.HOME = folder;
  process.env.PATH = [cli.folder, dirname(process.execPath), process.env.PATH].join(delimiter);

  log(`Pulumi CLI ${cli.version}, ${cli.source}`);
  log(
    "A fleet: a tenth pools with a 3 kB template, half queues, a fifth global limits, a fifth tag limits; inline program.",
  );
  log("Time is the whole CLI command; requests are what the server saw; refused are 408, 429 and 5xx among them;");
  log("memory is the peak of the provider's process (VmHWM).\n");
  const reference = await startReferenceServer({ project, db: join(folder, "prefect.db"), env: ordinaryEnvironment() });
  scope.defer(() => reference[Symbol.asyncDispose]());
  const servers = [{ name: "reference server", url: reference.url }];
  if (install !== undefined) {
    const prefect = await startPrefect(install);
    scope.defer(() => prefect[Symbol.asyncDispose]());
    servers.push({ name: `Prefect ${install.version} on SQLite`, url: prefect.url });
  } else if (compare) log("(No real Prefect is installed here; npm run test:real installs one.)\n");
  for (const { name, url } of servers) {
    for (const size of sizes) {
      for (const mode of modes) {
        if (scope.stopped.aborted) return;
        log(`${size} objects, ${mode} mode, ${name}`);
        for (const phase of await measureFleet({ project, url, mode, size })) log(row(phase));
        log("");
      }
    }
  }
}

function row({ name, seconds, requests, refused, memoryMb }: Phase): string {
  const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
  const methods = Object.entries(requests).map(([method, count]) => `${count} ${method}`);
  const detail = methods.length === 0 ? "" : ` (${methods.join(", ")}${refused > 0 ? `; ${refused} refused` : ""})`;
  const memory = memoryMb === undefined ? "" : `${memoryMb} MB`.padStart(8);
  return `  ${name.padEnd(26)}${seconds.toFixed(1).padStart(7)} s${String(total).padStart(7)} requests${memory}${detail}`;
}
