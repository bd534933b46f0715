import { nothing, workQueueAnswer } from "../answers.ts";
import type { PrefectApi } from "../api.ts";
import type { Caller } from "../calls/caller.ts";
import { assertAddressable, path } from "../calls/path.ts";
import { PrefectError } from "../errors/prefect-error.ts";
import { isUuid, orAbsent, removed } from "./outcomes.ts";
import { allPages } from "./pages.ts";

/** Source: prefect/server/api/workers.py and, by UUID, prefect/server/api/work_queues.py. */
export function workQueues(caller: Caller): PrefectApi["workQueues"] {
  return {
    async create(pool, body, call) {
      assertAddressable(body.name);
      const at = path`/work_pools/${pool}/queues`;
      return (await caller.call({ kind: "create", method: "POST", path: at, body, answer: workQueueAnswer }, call))
        .value;
    },

    async read(pool, name, call) {
      const at = path`/work_pools/${pool}/queues/${name}`;
      return orAbsent(caller.call({ kind: "read", method: "GET", path: at, answer: workQueueAnswer }, call));
    },

    async readById(id, call) {
      if (!isUuid(id)) return undefined;
      const at = path`/work_queues/${id}`;
      return orAbsent(caller.call({ kind: "read", method: "GET", path: at, answer: workQueueAnswer }, call));
    },

    async listOf(pool, call) {
      try {
        return await allPages(caller, { path: path`/work_pools/${pool}/queues/filter`, item: workQueueAnswer }, call);
      } catch (error) {
        if (error instanceof PrefectError && error.code === "not_found") return undefined;
        throw error;
      }
    },

    async update(pool, name, body, call) {
      const at = path`/work_pools/${pool}/queues/${name}`;
      await caller.call({ kind: "change", method: "PATCH", path: at, body, answer: nothing }, call);
    },

    async remove(pool, name, call) {
      const at = path`/work_pools/${pool}/queues/${name}`;
      return removed(caller.call({ kind: "change", method: "DELETE", path: at, answer: nothing }, call));
    },
  };
}
