import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { bundleProviders } from "./bundle.ts";
import { bundleCommand } from "./bundle-command.ts";
import { writeDeclarations } from "./declarations.ts";

const root = join(import.meta.dirname, "..");

/** The library's entries by their name in package.json's `exports`. */
const entries: Readonly<Record<string, string>> = {
  index: "sdk/index.ts",
  native: "sdk/native.ts",
  client: "provider/client/index.ts",
  schema: "schema/index.ts",
  server: "server/index.ts",
};

const shared: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node22",
  packages: "external",
  absWorkingDir: root,
  legalComments: "none",
  // A class that names itself would otherwise be called _WorkPool.
  keepNames: true,
  logLevel: "warning",
};

/** `npm run build`: fills `dist`. Everything is made aside and then takes its place in one step, so that nobody ever sees half a
 *  build. */
async function main(): Promise<void> {
  const aside = join(root, ".cache", `build-${process.pid}`);
  const made = join(aside, "new");
  try {
    await mkdir(join(made, "bin"), { recursive: true });
    await allDone([library(made), bundleProviders(made), bundleCommand(made)]);
    writeDeclarations(root, Object.values(entries), join(made, "types"));
    await rename(join(root, "dist"), join(aside, "old")).catch(unlessAbsent);
    await rename(made, join(root, "dist"));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function library(outdir: string): Promise<void> {
  await allDone([
    build({
      ...shared,
      entryPoints: { ...entries },
      outdir,
      format: "esm",
      splitting: true,
      chunkNames: "shared-[hash]",
      plugins: [invokeApart],
    }),
    build({
      ...shared,
      entryPoints: { ...entries },
      outdir,
      format: "cjs",
      outExtension: { ".js": ".cjs" },
      plugins: [invokeApart],
    }),
    build({
      ...shared,
      entryPoints: ["sdk/runtime/invoke-in-process.ts"],
      outfile: join(outdir, "invoke-in-process.cjs"),
      format: "cjs",
    }),
  ]);
}

/** What runs a function is a file of its own, loaded when a program calls one: the classes must load fast. */
const invokeApart: NonNullable<BuildOptions["plugins"]>[number] = {
  name: "invoke-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/invoke-in-process\.ts$/ }, () => ({ path: "./invoke-in-process.cjs", external: true }));
  },
};

/** Waits for all, also when one fails: what still runs would write into a folder that is gone. */
async function allDone(tasks: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

await main();
