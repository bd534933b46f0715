/** The names under which Pulumi knows our resources and functions. They are kept in states: frozen for ever. */

/** A resource's or function's on the native plugin. */
export function token(name: string): string {
  return `prefect:index:${name}`;
}

/** The type of the same resource on the dynamic door, where no plugin is needed. */
export function dynamicToken(kind: string): string {
  return `pulumi-nodejs:dynamic/prefect:${kind}`;
}
