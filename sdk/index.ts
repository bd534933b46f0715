/** The classes of `prefect-iac`, which need no plugin. They work wherever a Node program runs under Pulumi. */
export * from "./generated/dynamic.ts";
export * from "./generated/types.ts";
