import { globalLimitAnswer, nothing } from "../answers.ts";
import type { PrefectApi } from "../api.ts";
import type { Caller } from "../calls/caller.ts";
import { assertAddressable, path } from "../calls/path.ts";
import { orAbsent, removed } from "./outcomes.ts";

/** Source: prefect/server/api/concurrency_limits_v2.py. */
export function globalLimits(caller: Caller): PrefectApi["globalLimits"] {
  return {
    async create(body, call) {
      assertAddressable(body.name);
      const at = "/v2/concurrency_limits/";
      return (await caller.call({ kind: "create", method: "POST", path: at, body, answer: globalLimitAnswer }, call))
        .value;
    },

    async read(nameOrId, call) {
      const at = path`/v2/concurrency_limits/${nameOrId}`;
      return orAbsent(caller.call({ kind: "read", method: "GET", path: at, answer: globalLimitAnswer }, call));
    },

    async update(id, body, call) {
      const at = path`/v2/concurrency_limits/${id}`;
      await caller.call({ kind: "change", method: "PATCH", path: at, body, answer: nothing }, call);
    },

    async remove(id, call) {
      const at = path`/v2/concurrency_limits/${id}`;
      return removed(caller.call({ kind: "change", method: "DELETE", path: at, answer: nothing }, call));
    },
  };
}
