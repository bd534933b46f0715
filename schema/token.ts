/** The names under which Pulumi knows our resources and functions. They are kept in states: frozen for ever. */

/** A resource's or function's in the plugin. */
export function token(name: string): string {
  return `prefect:index:${name}`;
}

/** The type of the same resource with the dynamic provider, which needs no plugin. */
export function dynamicToken(kind: string): string {
  return `pulumi-nodejs:dynamic/prefect:${kind}`;
}
