import {
  globalConcurrencyLimit as globalContract,
  tagConcurrencyLimit as tagContract,
} from "../../schema/contracts/concurrency-limits.ts";
import { isObject } from "../../schema/json.ts";
import type { GlobalLimitAnswer, TagLimitAnswer } from "../client/api.ts";
import type { Lifecycle, RemoteObject, Scope } from "../engine/lifecycle.ts";
import { importTarget, isUuid, keyText } from "./import-id.ts";
import { fromApi, toApi } from "./wire.ts";

/** Source: /v2/concurrency_limits/ (prefect/server/api/concurrency_limits_v2.py). Slots in use are never sent. The name can
 *  change, so the id is the UUID. */
export const globalConcurrencyLimit: Lifecycle = {
  contract: globalContract,

  async read({ api, call }, target) {
    const answer = await api.globalLimits.read(target.uuid ?? keyText(target.key, "name"), call);
    return answer === undefined ? undefined : seenAsGlobal(answer);
  },

  async create({ api, call }, values) {
    return seenAsGlobal(await api.globalLimits.create(toApi(globalContract, values), call));
  },

  async update({ api, call }, seen, send) {
    await api.globalLimits.update(seen.id, toApi(globalContract, send), call);
  },

  async remove({ api, call }, seen) {
    await api.globalLimits.remove(seen.id, call);
  },

  importTarget: (id) => importTarget(globalContract, id, { uuid: true }),

  usedBy: deploymentsSharing,
};

/** There is no filter for it: the deployments that have any limit are asked for, page by page. */
async function deploymentsSharing(scope: Scope, seen: RemoteObject): Promise<string[]> {
  const sharing: string[] = [];
  const page = 200;
  for (let offset = 0; ; offset += page) {
    const found = await scope.api.deployments.filter({ offset, limit: page }, scope.call);
    for (const { name, global_concurrency_limit: limit } of found) {
      if (isObject(limit) && limit.id === seen.uuid) sharing.push(name);
    }
    if (found.length < page) return sharing;
  }
}

/** Source: /concurrency_limits/ (prefect/server/api/concurrency_limits.py), an adapter over the v2 limit `tag:<tag>`. The POST
 *  is an upsert that keeps the slots in use; there is no PATCH. */
export const tagConcurrencyLimit: Lifecycle = {
  contract: tagContract,
  readBeforeCreate: true,

  async read({ api, call }, target) {
    const answer =
      target.key === undefined
        ? await api.tagLimits.readById(target.uuid ?? "", call)
        : await api.tagLimits.read(keyText(target.key, "tag"), call);
    return answer === undefined ? undefined : seenAsTag(answer);
  },

  async create({ api, call, warn }, values) {
    const tag = keyText(values, "tag");
    const { answer, existed } = await api.tagLimits.put(tag, Number(values.concurrencyLimit), call);
    if (existed)
      warn(`The tag "${tag}" got a limit from somebody else at the same moment; it now has the declared one.`);
    return seenAsTag(answer);
  },

  async update({ api, call }, seen, send) {
    await api.tagLimits.put(seen.id, Number(send.concurrencyLimit), call);
  },

  async remove({ api, call }, seen) {
    await api.tagLimits.remove(seen.id, call);
  },

  importTarget: (id) => (isUuid(id) ? { uuid: id.toLowerCase() } : { key: { tag: id } }),
};

function seenAsGlobal(answer: GlobalLimitAnswer): RemoteObject {
  const facts = { concurrencyLimitId: answer.id, created: answer.created };
  return { id: answer.id, uuid: answer.id, live: fromApi(globalContract, { ...answer }), outputs: facts };
}

function seenAsTag(answer: TagLimitAnswer): RemoteObject {
  const facts = { concurrencyLimitId: answer.id, created: answer.created };
  return { id: answer.tag, uuid: answer.id, live: fromApi(tagContract, { ...answer }), outputs: facts };
}
