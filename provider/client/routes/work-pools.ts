import { z } from "zod";
import { nothing, workPoolAnswer } from "../answers.ts";
import type { PrefectApi } from "../api.ts";
import type { Caller } from "../calls/caller.ts";
import { assertAddressable, path } from "../calls/path.ts";
import { isUuid, orAbsent, removed } from "./outcomes.ts";

/** Source: prefect/server/api/workers.py. */
export function workPools(caller: Caller): PrefectApi["workPools"] {
  return {
    async create(body, call) {
      assertAddressable(body.name);
      const request = { kind: "create", method: "POST", path: "/work_pools/", body, answer: workPoolAnswer } as const;
      return (await caller.call(request, call)).value;
    },

    async read(name, call) {
      return orAbsent(
        caller.call({ kind: "read", method: "GET", path: path`/work_pools/${name}`, answer: workPoolAnswer }, call),
      );
    },

    async readById(id, call) {
      if (!isUuid(id)) return undefined;
      const body = { work_pools: { id: { any_: [id] } }, limit: 1 };
      const answer = z.array(workPoolAnswer);
      return (await caller.call({ kind: "read", method: "POST", path: "/work_pools/filter", body, answer }, call))
        .value[0];
    },

    async update(name, body, call) {
      await caller.call(
        { kind: "change", method: "PATCH", path: path`/work_pools/${name}`, body, answer: nothing },
        call,
      );
    },

    async remove(name, call) {
      return removed(
        caller.call({ kind: "change", method: "DELETE", path: path`/work_pools/${name}`, answer: nothing }, call),
      );
    },
  };
}
