import { nothing, tagLimitAnswer } from "../answers.ts";
import type { PrefectApi } from "../api.ts";
import type { Caller } from "../calls/caller.ts";
import { assertAddressable, path } from "../calls/path.ts";
import { isUuid, orAbsent, removed } from "./outcomes.ts";

/** Source: prefect/server/api/concurrency_limits.py, a view of the global limits named `tag:<tag>`. */
export function tagLimits(caller: Caller): PrefectApi["tagLimits"] {
  return {
    async put(tag, limit, call) {
      assertAddressable(tag);
      const body = { tag, concurrency_limit: limit };
      const request = {
        kind: "create",
        method: "POST",
        path: "/concurrency_limits/",
        body,
        answer: tagLimitAnswer,
      } as const;
      const { value, status } = await caller.call(request, call);
      return { answer: value, existed: status === 200 };
    },

    async read(tag, call) {
      const at = path`/concurrency_limits/tag/${tag}`;
      return orAbsent(caller.call({ kind: "read", method: "GET", path: at, answer: tagLimitAnswer }, call));
    },

    async readById(id, call) {
      if (!isUuid(id)) return undefined;
      const at = path`/concurrency_limits/${id}`;
      return orAbsent(caller.call({ kind: "read", method: "GET", path: at, answer: tagLimitAnswer }, call));
    },

    async remove(tag, call) {
      const at = path`/concurrency_limits/tag/${tag}`;
      return removed(caller.call({ kind: "change", method: "DELETE", path: at, answer: nothing }, call));
    },
  };
}
