import { baseJobTemplate as contract } from "../../schema/contracts/base-job-template.ts";
import { equal, type JsonObject } from "../../schema/json.ts";
import type { Lifecycle } from "../engine/lifecycle.ts";
import { EngineError } from "../engine/types.ts";
import { importTarget, keyText } from "./import-id.ts";
import { templateChange } from "./template-change.ts";

/** A field of a pool that is managed elsewhere. Source: /work_pools/{name} (prefect/server/api/workers.py). */
export const baseJobTemplate: Lifecycle = {
  contract,
  readBeforeCreate: true,
  born: async () => true,

  async read({ api, call }, target) {
    const pool = await api.workPools.read(keyText(target.key, "workPool"), call);
    if (pool === undefined) return undefined;
    const live = { workPool: pool.name, template: pool.base_job_template };
    return { id: pool.name, uuid: pool.id, live, outputs: { workPoolId: pool.id } };
  },

  async create(_scope, values) {
    throw new EngineError(
      `The work pool "${keyText(values, "workPool")}" does not exist`,
      "Nothing was changed. If the pool is in the same program, set its own `baseJobTemplate`, or refer to it as `pool.name`, so that it is made first.",
    );
  },

  /** What was there before is somebody else's, and comes back on removal; what was already as declared is not remembered. */
  outputsOnAdopt(seen, declared): JsonObject {
    return equal(seen.live.template, declared.template) ? {} : { previousTemplate: seen.live.template ?? {} };
  },

  async update({ api, call }, seen, send) {
    await api.workPools.update(seen.id, { base_job_template: send.template ?? {} }, call);
  },

  async remove(scope, seen, state) {
    const { previousTemplate, template, onDelete } = state;
    if (onDelete === "keep" || previousTemplate === undefined || previousTemplate === null) return;
    if (!equal(seen.live.template, template)) {
      scope.warn(
        `The template of the work pool "${seen.id}" was kept: it was changed since it was applied, so the earlier one was not put back.`,
      );
      return;
    }
    await scope.api.workPools.update(seen.id, { base_job_template: previousTemplate }, scope.call);
  },

  planChecks: (open, applied, declared) =>
    templateChange(open, {
      pool: declared.workPool,
      field: "template",
      before: applied?.template,
      after: declared.template,
    }),

  importTarget: (id) => importTarget(contract, id, { uuid: false }),

  recordDeclared(program, declared) {
    if (typeof declared.workPool !== "string") return [];
    const message = program.declareTemplate(declared.workPool, "BaseJobTemplate");
    return message === undefined
      ? []
      : [{ rule: "template/two-owners", severity: "error", path: ["template"], message }];
  },
};
