/** The code that Pulumi stores in the state of every resource of the dynamic provider, and evaluates to find that provider. Frozen:
 *  stored states must find the entry `prefect-iac/dynamic`, `handler` and the kinds in every later version. A constant, so that an
 *  upgrade of the package changes no resource. */
export function providerCode(kind: string): string {
  return `exports.handler=()=>require("prefect-iac/dynamic").handler(${JSON.stringify(kind)})`;
}
