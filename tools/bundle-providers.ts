import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** The source of `prefect-iac/dynamic`. */
export const DYNAMIC_PROVIDER = "provider/pulumi/dynamic/index.ts";

/** Leaves out zod's messages in forty languages: we write our own. */
export const withoutLocales: NonNullable<BuildOptions["plugins"]>[number] = {
  name: "without-locales",
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "" }));
  },
};

/** Options of the dynamic provider's and the plugin's bundles: CommonJS without dependencies, since Pulumi's hosts load them from
 *  anywhere, and two copies of google-protobuf in one process break each other. */
const shared: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  minify: true,
  // Class names are part of messages.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: root,
  // `import()` becomes `require`: it would start Node's second module loader.
  supported: { "dynamic-import": false },
  plugins: [withoutLocales],
};

/** Writes the dynamic provider and the plugin:
 *  - `plugin.cjs`, the plugin (executable): opens a port, prints it, and loads
 *  - `plugin-serve.cjs`, the rest of it. Separate, because Node reads a file to its end before it runs the first line.
 *  - `bin/pulumi-resource-prefect`, the plugin under the name that Pulumi looks for;
 *  - `dynamic.cjs`, which is `prefect-iac/dynamic`. */
export async function bundleProviders(outDir: string): Promise<void> {
  const plugin = join(outDir, "plugin.cjs");
  const folder = "provider/pulumi/native";
  await Promise.all([
    build({
      ...shared,
      entryPoints: [`${folder}/main.ts`],
      outfile: plugin,
      banner: { js: "#!/usr/bin/env node" },
      plugins: [serveApart],
    }),
    build({ ...shared, entryPoints: [`${folder}/serve.ts`], outfile: join(outDir, "plugin-serve.cjs") }),
    build({ ...shared, entryPoints: [DYNAMIC_PROVIDER], outfile: join(outDir, "dynamic.cjs") }),
  ]);
  await chmod(plugin, 0o755);
  await mkdir(join(outDir, "bin"), { recursive: true });
  await writeFile(join(outDir, "bin", "pulumi-resource-prefect"), WRAPPER, { mode: 0o755 });
}

const serveApart: NonNullable<BuildOptions["plugins"]>[number] = {
  name: "serve-apart",
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\/serve\.ts$/ }, () => ({ path: "./plugin-serve.cjs", external: true }));
  },
};

/** Also works through a symbolic link; `exec`, so that signals reach Node. */
const WRAPPER = `#!/bin/sh
exec node "$(dirname "$(readlink -f "$0")")/../plugin.cjs" "$@"
`;
