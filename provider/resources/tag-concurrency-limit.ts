import { tagConcurrencyLimit as contract } from "../../schema/contracts/tag-concurrency-limit.ts";
import type { JsonObject } from "../../schema/json.ts";
import { path } from "../client/index.ts";
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
  },
  {
    readBeforeCreate: true,
    /** A create reads and then writes: two of this process must not both find nothing. */
    lockKey: ({ tag }) => `tag limit ${tag}`,

    async create(scope, values) {
      const { object, existed } = await put(scope, values);
      if (existed) {
        scope.warn(
          `The tag "${values.tag}" got a limit from somebody else at the same moment; it now has the declared one.`,
        );
      }
      return object;
    },

    async update(scope, { live }, send) {
      await put(scope, { tag: live.tag, ...send });
    },
  },
);

async function put({ api, call }: Scope, values: JsonObject) {
  path`/concurrency_limits/tag/${String(values.tag)}`;
  const { value, existed } = await api.create(
    "/concurrency_limits/",
    toApi(contract, values),
    answerOf(contract),
    call,
  );
  return { object: remoteObject(contract, value), existed };
}
