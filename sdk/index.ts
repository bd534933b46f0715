/** The classes of `prefect-iac`: they need no plugin, and work wherever a Node program runs under Pulumi. */
export * from "./generated/dynamic.ts";
export * from "./generated/types.ts";
