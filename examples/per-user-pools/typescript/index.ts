import * as pulumi from "@pulumi/pulumi";
import * as prefect from "prefect-iac";

/** One machine, many users: each gets a pool that runs one flow at a time, so that nobody's ten flows keep the others waiting,
 *  and one limit holds for the machine as a whole. */
export default async function perUserPools() {
  const config = new pulumi.Config("per-user-pools");
  const users = config.requireObject<string[]>("users");

  const pools = users.map(
    (user) =>
      new prefect.WorkPool(user, {
        name: `${user}-pool`,
        type: "process",
        description: `Flows of ${user}.`,
        concurrencyLimit: 1,
      }),
  );

  // Flows take a slot of it with `concurrency("machine")`.
  const machine = new prefect.GlobalConcurrencyLimit("machine", {
    name: config.get("machineLimit") ?? "machine",
    limit: config.getNumber("runsAtOnce") ?? 2,
  });

  return { pools: pools.map((pool) => pool.name), machineLimit: machine.name };
}
