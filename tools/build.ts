import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { allDone } from "./all-done.ts";
import { bundleCommand } from "./bundle-command.ts";
import { bundleProviders, DYNAMIC_PROVIDER } from "./bundle-providers.ts";
import { writeDeclarations } from "./declarations.ts";

const root = join(import.meta.dirname, "..");

/** The library's entry points: the name of their files in `dist` -> source. */
const entries: Readonly<Record<string, string>> = {
  index: "sdk/index.ts",
  native: "sdk/native.ts",
  client: "provider/client/index.ts",
  schema: "schema/index.ts",
  server: "server/index.ts",
};

/** The declarations of each, for ES modules and for CommonJS; `prefect-iac/dynamic` is CommonJS only. */
const declarations: Readonly<Record<string, string>> = {
  ...renamed(entries, (name) => `${name}.d.ts`),
  ...renamed(entries, (name) => `${name}.d.cts`),
  "dynamic.d.cts": DYNAMIC_PROVIDER,
};

const shared: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node22",
  packages: "external",
  absWorkingDir: root,
  legalComments: "none",
  // Otherwise a class that refers to itself would be named _WorkPool.
  keepNames: true,
  logLevel: "warning",
};

/** `npm run build`: fills `dist`. The build is written to a temporary folder and then replaces `dist` in one step: nobody ever reads
 *  half a build. */
async function main(): Promise<void> {
  const temporary = join(root, ".cache", `build-${process.pid}`);
  const dist = join(temporary, "dist");
  try {
    await mkdir(join(dist, "bin"), { recursive: true });
    await allDone<unknown>([bundleLibrary(dist), bundleProviders(dist), bundleCommand(dist)]);
    await writeDeclarations(root, declarations, dist, join(temporary, "declarations"));
    await rename(join(root, "dist"), join(temporary, "old")).catch(unlessAbsent);
    await rename(dist, join(root, "dist"));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function bundleLibrary(outdir: string): Promise<void> {
  await allDone<unknown>([
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

function renamed(files: Readonly<Record<string, string>>, to: (name: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, source]) => [to(name), source]));
}

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

await main();
