/** The code that Pulumi stores in the state of every resource of the dynamic door and runs to find its provider. Frozen for
 *  ever: states that hold it must find the subpath `prefect-iac/dynamic`, `handler` and the kinds in every later version. A
 *  constant, so that an upgrade of the package changes no resource. */
export function providerCode(kind: string): string {
  return `exports.handler=()=>require("prefect-iac/dynamic").handler(${JSON.stringify(kind)})`;
}
