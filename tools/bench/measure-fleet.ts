import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Pulumi from "@pulumi/pulumi";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import type * as Sdk from "../../sdk/index.ts";
import { pulumiEnvironment } from "../pulumi-environment.ts";
import { RecordingProxy } from "../recording-proxy.ts";
import { ProviderMemory } from "./provider-memory.ts";

export interface FleetOptions {
  /** A user's project with the packed package installed. */
  project: string;
  /** The server's API. */
  url: string;
  mode: "dynamic" | "native";
  /** Number of objects. */
  size: number;
}

/** The cost of one command. */
export interface Phase {
  name: string;
  seconds: number;
  /** HTTP requests the server saw, by method. */
  requests: Readonly<Record<string, number>>;
  /** Those with a status of 408, 429 or 5xx. */
  refused: number;
  /** Peak of the provider's process; `undefined` where it cannot be measured. */
  memoryMb: number | undefined;
}

/** Creates, previews, refreshes, changes and destroys a fleet with the real CLI and an inline program, and measures each command. */
export async function measureFleet({ project, url, mode, size }: FleetOptions): Promise<Phase[]> {
  await using proxy = await RecordingProxy.start(url);
  const folder = await mkdtemp(join(project, "fleet-"));
  const load = createRequire(join(project, "program.cjs"));
  const { LocalWorkspace } = load("@pulumi/pulumi/automation") as typeof Automation;
  const modules = join(project, "node_modules");
  let limit = 5;
  try {
    await mkdir(join(folder, "state"));
    const stack = await LocalWorkspace.createStack(
      {
        stackName: "fleet",
        projectName: "fleet",
        program: async () => declareFleet(load, mode, size, limit),
      },
      {
        workDir: folder,
        envVars: pulumiEnvironment({ home: join(folder, "home"), state: join(folder, "state") }),
        stackSettings: { fleet: { config: { "prefect:apiUrl": proxy.url } } },
        projectSettings: {
          name: "fleet",
          runtime: "nodejs",
          main: project,
          plugins: {
            providers: [
              { name: "prefect", path: join(modules, ".bin") },
              { name: "pulumi-nodejs", path: join(modules, "@pulumi", "pulumi") },
            ],
          },
        } as Automation.ProjectSettings,
      },
    );
    const phases: Phase[] = [];
    const measure = async (name: string, command: () => Promise<unknown>) => {
      phases.push(await measured(name, proxy, command));
    };
    await measure("create", () => stack.up());
    await measure("preview, nothing changed", () => stack.preview({ expectNoChanges: true }));
    await measure("refresh", () => stack.refresh());
    limit = 6;
    await measure("change a tenth", () => stack.up());
    await measure("destroy", () => stack.destroy());
    return phases;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measured(name: string, proxy: RecordingProxy, command: () => Promise<unknown>): Promise<Phase> {
  proxy.takeRequests();
  using memory = new ProviderMemory();
  const start = performance.now();
  await command();
  const seconds = (performance.now() - start) / 1000;
  const passed = proxy.takeRequests();
  const requests: Record<string, number> = {};
  for (const { method } of passed) requests[method] = (requests[method] ?? 0) + 1;
  const refused = passed.filter(({ status = 0 }) => status === 408 || status === 429 || status >= 500).length;
  return { name, seconds, requests, refused, memoryMb: memory.peakMb() };
}

/** A tenth pools with a template of 3 kB, half queues, a fifth of either kind of limit. `limit` is that of every pool: a tenth of the
 *  objects changes with it. */
function declareFleet(load: NodeJS.Require, mode: FleetOptions["mode"], size: number, limit: number): void {
  const prefect = load(mode === "native" ? "prefect-iac/native" : "prefect-iac") as typeof Sdk;
  const pools: Pulumi.Output<string>[] = [];
  for (let index = 0; index < size; index++) {
    const name = `fleet-${index}`;
    if (index < size * 0.1) {
      const pool = new prefect.WorkPool(name, {
        type: "process",
        concurrencyLimit: limit,
        baseJobTemplate: template(),
      });
      pools.push(pool.name);
    } else if (index < size * 0.6) {
      const workPool = pools[index % pools.length];
      if (workPool !== undefined) new prefect.WorkQueue(name, { workPool, concurrencyLimit: 3 });
    } else if (index < size * 0.8) new prefect.GlobalConcurrencyLimit(name, { limit: 3 });
    else new prefect.TagConcurrencyLimit(name, { concurrencyLimit: 3 });
  }
}

function template(): { [key: string]: unknown } {
  const names = Array.from({ length: 24 }, (_, index) => `variable_${index}`);
  const variable = (name: string) => [
    name,
    { type: "string", title: name, description: "One of many variables.", default: name },
  ];
  return {
    job_configuration: Object.fromEntries(names.map((name) => [name, `{{ ${name} }}`])),
    variables: { type: "object", properties: Object.fromEntries(names.map(variable)) },
  };
}
