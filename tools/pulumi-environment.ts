import type { Environment } from "./environment.ts";

/** What the Pulumi CLI needs to stay on this machine: a home and a local state of its own, and no requests to the outside. The providers
 *  that it starts get this process's compile cache of Node, where there is one. */
export function pulumiEnvironment(folders: { home: string; state: string }): Environment {
  return {
    PULUMI_HOME: folders.home,
    PULUMI_BACKEND_URL: `file://${folders.state}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for nothing but this run",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    NO_COLOR: "1",
    ...(process.env.NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
  };
}
