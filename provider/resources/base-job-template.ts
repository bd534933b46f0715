import { baseJobTemplate as contract } from "../../schema/contracts/base-job-template.ts";
import { equal, type JsonObject } from "../../schema/json.ts";
import { path } from "../client/index.ts";
import { EngineError } from "../engine/types.ts";
import { importTarget } from "./rest/import-id.ts";
import { restLifecycle } from "./rest/rest-lifecycle.ts";
import { templateChange } from "./templates/template-change.ts";
import { TemplateOwners } from "./templates/template-owners.ts";

/** A field of a pool that is managed elsewhere: read from the pool, and only ever PATCHed.
 *  Source: /work_pools/{name} (prefect/server/api/workers.py). */
export const baseJobTemplate = restLifecycle(
  contract,
  {
    collection: () => "/work_pools/",
    byKey: ({ workPool }) => path`/work_pools/${workPool}`,
    byUuid: { path: "/work_pools/filter", filter: (id) => ({ work_pools: { id: { any_: [id] } } }) },
    inPath: ["workPool"],
  },
  {
    readBeforeCreate: true,
    existsImplicitly: async () => true,

    async create(_scope, { workPool }) {
      throw new EngineError(
        `The work pool "${workPool}" does not exist`,
        "Nothing was changed. If the pool is in the same program, set its own `baseJobTemplate`, or refer to it as `pool.name`, so that it is made first.",
      );
    },

    /** What was there before is somebody else's, and comes back on removal; what was already as declared is not remembered. */
    outputsOnAdopt({ live }, declared): JsonObject {
      return equal(live.template, declared.template) ? {} : { previousTemplate: live.template };
    },

    async remove(scope, { id, live }, state) {
      const { previousTemplate, template, onDelete } = state;
      if (onDelete === "keep" || previousTemplate === undefined || previousTemplate === null) return;
      if (!equal(live.template, template)) {
        scope.warn(
          `The template of the work pool "${id}" was kept: it was changed since it was applied, so the earlier one was not put back.`,
        );
        return;
      }
      await scope.api.update(path`/work_pools/${id}`, { base_job_template: previousTemplate }, scope.call);
    },

    planChecks: (open, applied, declared) =>
      templateChange(open, {
        pool: declared.workPool,
        field: "template",
        before: applied?.template,
        after: declared.template,
      }),

    importTarget: (id) => importTarget(contract, id, { uuid: false }),

    recordDeclared: (shared, { workPool }) =>
      shared.of(TemplateOwners).declare(workPool, "BaseJobTemplate", "template"),
  },
);
