import * as pulumi from "@pulumi/pulumi";
import * as prefect from "prefect-iac";

/** A pool that somebody else made (a worker, another stack, a person), whose base job template this stack sets: the template
 *  that was there is remembered, and put back when the stack is destroyed. */
export default async function existingPool() {
  const config = new pulumi.Config("existing-pool");

  const defaults = (await prefect.getDefaultJobTemplate({ type: "process" })).template;
  const properties = defaults.variables.properties;
  const template = new prefect.BaseJobTemplate("template", {
    workPool: config.require("pool"),
    template: {
      ...defaults,
      variables: {
        ...defaults.variables,
        properties: {
          ...properties,
          working_dir: { ...properties.working_dir, default: config.require("workingDirectory") },
        },
      },
    },
  });

  return { pool: template.workPool };
}
