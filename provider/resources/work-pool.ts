import { workPool as contract } from "../../schema/contracts/work-pool.ts";
import type { JsonObject } from "../../schema/json.ts";
import { defaultTemplate } from "../../schema/template/default-template.ts";
import type { WorkPoolAnswer } from "../client/api.ts";
import type { Lifecycle, RemoteObject } from "../engine/lifecycle.ts";
import { deploymentsOf } from "./deployments-of.ts";
import { importTarget, keyText } from "./import-id.ts";
import { templateChange } from "./template-change.ts";
import { fromApi, toApi } from "./wire.ts";

/** Source: /work_pools/ (prefect/server/api/workers.py). The name is unique and cannot change; the id is the name. */
export const workPool: Lifecycle = {
  contract,

  async read({ api, call }, target) {
    const answer =
      target.key === undefined
        ? await api.workPools.readById(target.uuid ?? "", call)
        : await api.workPools.read(keyText(target.key, "name"), call);
    return answer === undefined ? undefined : seenAs(answer);
  },

  async create({ api, call }, values) {
    return seenAs(await api.workPools.create(toApi(contract, values), call));
  },

  async update({ api, call }, seen, send) {
    await api.workPools.update(seen.id, toApi(contract, send), call);
  },

  async remove({ api, call }, seen) {
    await api.workPools.remove(seen.id, call);
  },

  importTarget: (id) => importTarget(contract, id, { uuid: true }),

  /** The server stores `{}` for a pool that sends no template, and the first worker then writes its own over it. */
  createDefaults(declared): JsonObject {
    return declared.baseJobTemplate === undefined
      ? { baseJobTemplate: defaultTemplate(String(declared.type)) ?? {} }
      : {};
  },

  recordDeclared(program, declared) {
    if (declared.baseJobTemplate === undefined || typeof declared.name !== "string") return [];
    const message = program.declareTemplate(declared.name, "WorkPool");
    return message === undefined
      ? []
      : [{ rule: "template/two-owners", severity: "error", path: ["baseJobTemplate"], message }];
  },

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

  usedBy: (scope, seen) => deploymentsOf(scope, { work_pools: { name: { any_: [seen.id] } } }),
};

function seenAs(answer: WorkPoolAnswer): RemoteObject {
  const facts: JsonObject = { workPoolId: answer.id, defaultQueueId: answer.default_queue_id, created: answer.created };
  return { id: answer.name, uuid: answer.id, live: fromApi(contract, { ...answer }), outputs: facts };
}
