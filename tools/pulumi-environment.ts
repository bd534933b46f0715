import type { Environment } from "./environment.ts";

/** What the Pulumi CLI needs to stay on this machine: a home and a local state of its own, and no look at the outside. */
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
  };
}
