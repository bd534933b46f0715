import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleProviders } from "../bundle-providers.ts";
import { type Scope, untilStopped } from "../until-stopped.ts";
import { describeMachine } from "./describe-machine.ts";
import { fleetTable } from "./fleet-table.ts";
import { type Database, measureServers } from "./measure-servers.ts";
import { MAX_BARE_STARTS, measurePluginStart } from "./plugin-start.ts";

const help = `Usage: npm run bench -- [plugin] [server] [fleet] [options]

  plugin    how long Pulumi's native plugin takes to start
  server    the reference server beside a real Prefect
  fleet     a fleet's life with the real Pulumi CLI: time, HTTP requests and memory of each command, on the reference server and,
            where one is installed (npm run test:real installs it), on a real Prefect

Without a name: all of them, which takes about an hour.

Options of server:
  --seconds N     how long each load lasts (default 3)
  --alone         without a real Prefect
  --db NAME       sqlite or postgres (default: both)

Options of fleet:
  --sizes N,N     how many objects (default 200,1000)
  --modes M,M     native, dynamic (default: both)
  --alone         without a real Prefect
`;

const log = (line: string) => console.log(line);

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "3" },
    alone: { type: "boolean", default: false },
    db: { type: "string" },
    sizes: { type: "string", default: "200,1000" },
    modes: { type: "string", default: "native,dynamic" },
    help: { type: "boolean", default: false },
  },
});

/** In the order in which they are made: the last one changes this process's environment. */
const tables: Readonly<Record<string, (scope: Scope) => Promise<void>>> = { plugin, server, fleet };

const unknown = positionals.filter((name) => tables[name] === undefined);
if (values.help || unknown.length > 0) {
  log(unknown.length > 0 ? `There is no table ${unknown.join(", ")}.\n\n${help}` : help);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else process.exit(await untilStopped(bench));

async function bench(scope: Scope): Promise<number> {
  for (const line of describeMachine()) log(line);
  for (const [name, table] of Object.entries(tables)) {
    if (positionals.length === 0 || positionals.includes(name)) await table(scope);
  }
  return Number(process.exitCode ?? 0);
}

async function plugin(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-bench-"));
  try {
    await bundleProviders(folder);
    const result = await measurePluginStart(join(folder, "plugin.cjs"));
    const factor = result.portLineMs / result.bareNodeMs;
    log(`Plugin start (medians of ${result.rounds} rounds, taking turns)`);
    log(`  bare node -e 0   ${result.bareNodeMs.toFixed(0)} ms`);
    log(
      `  port line        ${result.portLineMs.toFixed(0)} ms: ${factor.toFixed(2)} bare starts (most ${MAX_BARE_STARTS})`,
    );
    log(`  first answer     ${result.firstAnswerMs.toFixed(0)} ms\n`);
    if (factor > MAX_BARE_STARTS) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function server(): Promise<void> {
  const databases: Database[] = values.db === undefined ? ["SQLite", "PostgreSQL"] : [databaseNamed(values.db)];
  log("Requests per second that were answered right, the median and 95th percentile of their time. Load generator and");
  log("server share the machine; each client has one connection and asks again when it is answered.");
  await measureServers({ seconds: Number(values.seconds), compare: !values.alone, databases, log });
}

function databaseNamed(name: string): Database {
  if (name === "sqlite") return "SQLite";
  if (name === "postgres") return "PostgreSQL";
  throw new Error("--db is sqlite or postgres");
}

async function fleet(scope: Scope): Promise<void> {
  const modes = values.modes.split(",").map((mode) => {
    if (mode === "native" || mode === "dynamic") return mode;
    throw new Error("--modes takes native and dynamic");
  });
  await fleetTable({ scope, modes, sizes: values.sizes.split(",").map(Number), compare: !values.alone, log });
}
