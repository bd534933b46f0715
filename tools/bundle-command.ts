import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { withoutLocales } from "./bundle-providers.ts";

const root = join(import.meta.dirname, "..");

/** Optional dependencies of libraries, which work without them. */
const OPTIONAL = ["pg-native", "bufferutil", "utf-8-validate"];

/** Bundles the command into `bin/prefect-iac.js` with all its libraries but PostgreSQL's driver: a few files instead of several hundred
 *  halve the time until the server is ready. Modules that are imported dynamically, chiefly the server, are chunks beside it. */
export async function bundleCommand(outDir: string): Promise<void> {
  await build({
    entryPoints: { "prefect-iac": "cli/main.ts" },
    outdir: join(outDir, "bin"),
    bundle: true,
    splitting: true,
    chunkNames: "prefect-iac-[hash]",
    platform: "node",
    target: "node22",
    format: "esm",
    minify: true,
    // Node prints the whole line on which an error was thrown.
    lineLimit: 160,
    // Class names are part of messages.
    keepNames: true,
    // Needed only by `--db postgresql://…`, and then found in the installation.
    external: ["pg", ...OPTIONAL],
    // Bundled CommonJS modules call `require` for Node's built-in modules, which ES modules lack.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    legalComments: "none",
    logLevel: "warning",
    absWorkingDir: root,
    plugins: [withoutLocales],
  });
  await chmod(join(outDir, "bin", "prefect-iac.js"), 0o755);
}
