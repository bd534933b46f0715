import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { withoutLocales } from "./bundle-providers.ts";

const root = join(import.meta.dirname, "..");

/** Optional parts of libraries, which they do without. */
const ABSENT = ["pg-native", "bufferutil", "utf-8-validate"];

/** Writes `bin/prefect-iac.js`, the command, with all its libraries but PostgreSQL's driver inside: reading a few files instead of
 *  several hundred halves the time until the server is ready. What a command loads later, chiefly the server, is in files beside it. */
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
    // Node shows the line on which an error was thrown.
    lineLimit: 160,
    // Classes keep their names: they are in messages.
    keepNames: true,
    // Of use only where it is chosen, and then found in the installation.
    external: ["pg", ...ABSENT],
    // What is CommonJS inside asks for node's own modules by `require`, which a module has not.
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
