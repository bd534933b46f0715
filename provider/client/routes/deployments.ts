import { z } from "zod";
import { deploymentAnswer } from "../answers.ts";
import type { PrefectApi } from "../api.ts";
import type { Caller } from "../calls/caller.ts";
import { allPages } from "./pages.ts";

/** Source: prefect/server/api/deployments.py. */
export function deployments(caller: Caller): PrefectApi["deployments"] {
  return {
    async filter(body, call) {
      const answer = z.array(deploymentAnswer);
      return (await caller.call({ kind: "read", method: "POST", path: "/deployments/filter", body, answer }, call))
        .value;
    },

    all: (body, call) => allPages(caller, { path: "/deployments/filter", body, item: deploymentAnswer }, call),

    async count(body, call) {
      const answer = z.int();
      return (await caller.call({ kind: "read", method: "POST", path: "/deployments/count", body, answer }, call))
        .value;
    },
  };
}
