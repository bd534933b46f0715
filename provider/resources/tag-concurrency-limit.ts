import { tagConcurrencyLimit as contract } from "../../schema/contracts/tag-concurrency-limit.ts";
import type { JsonObject } from "../../schema/json.ts";
import type { PrefectApi } from "../client/api.ts";
import { path } from "../client/index.ts";
import { wroteAnother } from "../engine/explain.ts";
import type { Scope } from "../engine/lifecycle.ts";
import { answerOf, toApi } from "./rest/api-names.ts";
import { remoteObject, restLifecycle } from "./rest/rest-lifecycle.ts";

/** Source: /concurrency_limits/ (prefect/server/api/concurrency_limits.py), an adapter over the v2 limit `tag:<tag>`. The POST
 *  is an upsert that keeps the slots in use; there is no PATCH. */
export const tagConcurrencyLimit = restLifecycle(
  contract,
  {
    collection: () => "/concurrency_limits/",
    byKey: ({ tag }) => path`/concurrency_limits/tag/${tag}`,
    byUuid: (id) => path`/concurrency_limits/${id}`,
    write: ({ uuid = "" }) => path`/concurrency_limits/${uuid}`,
  },
  {
    readBeforeCreate: true,
    /** A create reads and then writes: two of this process must not both find nothing. */
    lockKey: ({ tag }) => `tag limit ${tag}`,

    async create(scope, values) {
      const { object, existed } = await post(scope.api.create, scope, values);
      if (existed) {
        scope.warn(
          `The tag "${values.tag}" got a limit from somebody else at the same moment; it now has the declared one.`,
        );
      }
      return object;
    },

    /** Deleted since it was read, it is made anew, under another UUID. */
    async update(scope, { uuid, live }, send) {
      const { object, existed } = await post(scope.api.upsert, scope, { tag: live.tag, ...send });
      if (existed && object.uuid !== uuid) throw wroteAnother(contract, live, object, scope.api.url);
      return object;
    },
  },
);

async function post(send: PrefectApi["create"] | PrefectApi["upsert"], { call }: Scope, values: JsonObject) {
  // Throws for a tag that no path can address: what could not be read again must not be made.
  path`/concurrency_limits/tag/${String(values.tag)}`;
  const { value, existed } = await send("/concurrency_limits/", toApi(contract, values), answerOf(contract), call);
  return { object: remoteObject(contract, value), existed };
}
