import { workPool as contract } from "../../schema/contracts/work-pool.ts";
import type { JsonObject } from "../../schema/json.ts";
import { defaultTemplate } from "../../schema/template/workers/worker-metadata.ts";
import { path } from "../client/index.ts";
import { deploymentNames } from "./deployments.ts";
import { restLifecycle } from "./rest/rest-lifecycle.ts";
import { templateChange } from "./templates/template-change.ts";
import { TemplateOwners } from "./templates/template-owners.ts";

/** Source: /work_pools/ (prefect/server/api/workers.py). The name is unique and cannot change. */
export const workPool = restLifecycle(
  contract,
  {
    collection: () => "/work_pools/",
    byKey: ({ name }) => path`/work_pools/${name}`,
    byUuid: { path: "/work_pools/filter", filter: (id) => ({ work_pools: { id: { any_: [id] } } }) },
  },
  {
    /** The server stores `{}` for a pool that sends no template, and the first worker then writes its own over it. */
    createDefaults({ type, baseJobTemplate }): JsonObject {
      return baseJobTemplate === undefined ? { baseJobTemplate: defaultTemplate(type) ?? {} } : {};
    },

    recordDeclared: (shared, { name, baseJobTemplate }) =>
      baseJobTemplate === undefined ? [] : shared.of(TemplateOwners).declare(name, "WorkPool", "baseJobTemplate"),

    /** A pool that is new has no deployments. */
    planChecks: async (open, applied, declared) =>
      applied === undefined
        ? []
        : templateChange(open, {
            pool: applied.name,
            field: "baseJobTemplate",
            before: applied.baseJobTemplate,
            after: declared.baseJobTemplate,
          }),

    usedBy: (scope, { live }) => deploymentNames(scope, { work_pools: { name: { any_: [live.name] } } }),
  },
);
