import { expect } from "vitest";
import { ManagedResource } from "../managed-resource.ts";
import type { ProviderEnvironment } from "../provider-environment.ts";
import type { Properties } from "../provider-process.ts";
import { PLANTED, type Scenario, template, unknown } from "./scenario.ts";

/** Changes of objects that deployments use. */
export const deploymentScenarios: readonly Scenario[] = [
  {
    name: "a template that breaks existing deployments is refused by the check, and nothing is changed",
    async run(env) {
      const program = { name: "contract", type: "process", baseJobTemplate: template("g:1") };
      const pool = new ManagedResource(env.provider, "WorkPool", "contract");
      await pool.up(program);
      await deploy(env, "nightly", { work_pool_name: "contract", job_variables: { image: PLANTED } });
      const narrow = template("g:1");
      narrow.variables = { type: "object", properties: { image: { type: "string", maxLength: 3 } } };
      const borrowed = new ManagedResource(env.provider, "BaseJobTemplate", "it");
      const results = [
        (await pool.check({ ...program, baseJobTemplate: template("g:2") })).failures,
        (await pool.check({ ...program, baseJobTemplate: narrow })).failures,
        (await borrowed.check({ workPool: "contract", template: narrow })).failures,
      ];
      expect(results.map((failures) => failures.length)).toEqual([0, 1, 1]);
      expect(results[1]).toEqual([
        { property: "", reason: expect.stringMatching(/^baseJobTemplate\.variables\.properties\.image: .*"nightly"/) },
      ]);
      expect(JSON.stringify(results)).not.toContain(PLANTED);
      env.network.writes();
      await expect(pool.up({ ...program, baseJobTemplate: narrow })).rejects.toThrow("template/refuses-deployment");
      expect(env.network.writes()).toEqual([]);
      return results;
    },
  },
  {
    name: "replacing a pool or queue that deployments use fails the plan, unless forceDelete was applied",
    async run(env) {
      const pool = new ManagedResource(env.provider, "WorkPool", "used");
      const queue = new ManagedResource(env.provider, "WorkQueue", "used");
      await pool.up({ name: "used", type: "process" });
      await queue.up({ workPool: "used", name: "line" });
      await deploy(env, "daily", { work_pool_name: "used", work_queue_name: "line" });
      const plans = [
        await pool.check({ name: "used", type: "docker", forceDelete: true }),
        await queue.check({ workPool: "another", name: "line" }),
        await pool.check({ name: unknown, type: "process" }),
        await pool.check({ name: "used", type: "process", description: "changed" }),
      ];
      const failures = plans.map((plan) => plan.failures.map(({ reason }) => reason));
      expect(failures).toEqual([
        [expect.stringMatching(/^type: .*WorkPool "used".*: daily\..*\[replaces-in-use\]$/)],
        [expect.stringMatching(/^workPool: .*WorkQueue "used\/line".*: daily\..*\[replaces-in-use\]$/)],
        [],
        [],
      ]);
      await pool.up({ name: "used", type: "process", forceDelete: true });
      expect((await pool.check({ name: "used", type: "docker", forceDelete: true })).failures).toEqual([]);
      return failures;
    },
  },
];

async function deploy(env: ProviderEnvironment, name: string, fields: Properties): Promise<void> {
  const { id }: { id: string } = await env.api("POST", "/flows/", { name: "flow" });
  await env.api("POST", "/deployments/", { name, flow_id: id, ...fields });
}
