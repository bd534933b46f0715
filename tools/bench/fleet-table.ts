import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildEnvironment, forgetEnvironment, ordinaryEnvironment } from "../environment.ts";
import { prefectIfInstalled, startPrefect } from "../prefect/server.ts";
import { pulumiCli } from "../pulumi-cli.ts";
import { startReferenceServer } from "../reference-server.ts";
import { run } from "../run.ts";
import type { Stage } from "../until-stopped.ts";
import { installUserProject } from "../user-project.ts";
import { type FleetOptions, measureFleet, type Phase } from "./fleet.ts";

export interface FleetTableOptions {
  stage: Stage;
  modes: readonly FleetOptions["mode"][];
  /** How many objects. */
  sizes: readonly number[];
  /** On a real Prefect, too, if one is installed. */
  beside: boolean;
  say(line: string): void;
}

const root = join(import.meta.dirname, "..", "..");

/** Prints what each command of a fleet's life cost, with the packed package and the real CLI. Takes everything but the ordinary out of
 *  this process's environment. */
export async function fleetTable({ stage, modes, sizes, beside, say }: FleetTableOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-bench-"));
  stage.cleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const cli = await pulumiCli({ yaml: false, say });
  const install = beside ? prefectIfInstalled() : undefined;
  const build = [join(root, "tools", "build.ts")];
  await run(process.execPath, build, { cwd: root, env: buildEnvironment(), output: "collect" });
  const project = join(folder, "project");
  await installUserProject(project);
  forgetEnvironment();
  process.env.HOME = folder;
  process.env.PATH = [cli.folder, dirname(process.execPath), process.env.PATH].join(delimiter);

  say(`Pulumi CLI ${cli.version}, ${cli.source}`);
  say(
    "A fleet: a tenth pools with a 3 kB template, half queues, a fifth global limits, a fifth tag limits; inline program.",
  );
  say("Time is the whole CLI command; requests are what the server saw; refused are 408, 429 and 5xx among them;");
  say("memory is the peak of the provider's process (VmHWM).\n");
  const reference = await startReferenceServer({ project, db: join(folder, "prefect.db"), env: ordinaryEnvironment() });
  stage.cleanUp(() => reference[Symbol.asyncDispose]());
  const servers = [{ name: "reference server", url: reference.url }];
  if (install !== undefined) {
    const prefect = await startPrefect(install);
    stage.cleanUp(() => prefect[Symbol.asyncDispose]());
    servers.push({ name: `Prefect ${install.version} on SQLite`, url: prefect.url });
  } else if (beside) say("(No real Prefect is installed here; npm run test:real installs one.)\n");
  for (const { name, url } of servers) {
    for (const size of sizes) {
      for (const mode of modes) {
        if (stage.stopped.aborted) return;
        say(`${size} objects, ${mode} mode, ${name}`);
        for (const phase of await measureFleet({ project, url, mode, size })) say(row(phase));
        say("");
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
