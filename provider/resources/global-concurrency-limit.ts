import { globalConcurrencyLimit as contract } from "../../schema/contracts/global-concurrency-limit.ts";
import { path } from "../client/index.ts";
import { allDeployments } from "./deployments.ts";
import { restLifecycle } from "./rest/rest-lifecycle.ts";

/** Source: /v2/concurrency_limits/ (prefect/server/api/concurrency_limits_v2.py). Slots in use are never sent. */
export const globalConcurrencyLimit = restLifecycle(
  contract,
  {
    collection: () => "/v2/concurrency_limits/",
    byKey: ({ name }) => path`/v2/concurrency_limits/${name}`,
    byUuid: (id) => path`/v2/concurrency_limits/${id}`,
    write: ({ id }) => path`/v2/concurrency_limits/${id}`,
  },
  {
    /** There is no filter for it: all deployments are looked at. */
    async usedBy(scope, { uuid }) {
      const deployments = await allDeployments(scope);
      return deployments.filter(({ global_concurrency_limit: limit }) => limit?.id === uuid).map(({ name }) => name);
    },
  },
);
