import { z } from "zod";
import { isObject, type JsonObject } from "../../schema/json.ts";
import type { Scope } from "../engine/lifecycle.ts";

/** Deployments as far as other kinds ask about them. Source: prefect/server/api/deployments.py. */
const deployment = z.looseObject({
  id: z.string(),
  name: z.string(),
  job_variables: z
    .custom<JsonObject>(isObject)
    .nullish()
    .transform((value) => value ?? {}),
  global_concurrency_limit: z.looseObject({ id: z.string() }).nullish(),
});

export type Deployment = z.infer<typeof deployment>;

/** Names of the deployments that a filter of the API finds (first page), to be named when a delete is refused. */
export async function deploymentNames({ api, call }: Scope, filter: JsonObject): Promise<string[]> {
  const page = await api.page("/deployments/filter", filter, deployment, call);
  return page.map(({ name }) => name);
}

/** All deployments that a filter of the API finds. */
export async function allDeployments({ api, call }: Scope, filter: JsonObject = {}): Promise<Deployment[]> {
  return (await api.list("/deployments/filter", filter, deployment, call)) ?? [];
}
