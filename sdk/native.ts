/** The classes of `prefect-iac/native`: the same as those of `prefect-iac`, with the plugin `pulumi-resource-prefect`. */
export * from "./generated/native.ts";
export * from "./generated/types.ts";
