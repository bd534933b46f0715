import { expect } from "vitest";
import type { Properties } from "./door.ts";
import { Managed } from "./managed.ts";
import { PLANTED, type Scenario, template, unknown } from "./scenarios.ts";
import type { Stage } from "./stage.ts";

/** What is played where deployments use what the program declares. */
export const scenariosWithDeployments: readonly Scenario[] = [
  {
    name: "a template that existing deployments cannot live with is refused by the check, and nothing is changed",
    async play(stage) {
      const program = { name: "contract", type: "process", baseJobTemplate: template("g:1") };
      const pool = new Managed(stage.door, "WorkPool", "contract");
      await pool.up(program);
      await deploy(stage, "nightly", { work_pool_name: "contract", job_variables: { image: PLANTED } });
      const narrow = template("g:1");
      narrow.variables = { type: "object", properties: { image: { type: "string", maxLength: 3 } } };
      const borrowed = new Managed(stage.door, "BaseJobTemplate", "it");
      const seen = [
        (await pool.check({ ...program, baseJobTemplate: template("g:2") })).failures,
        (await pool.check({ ...program, baseJobTemplate: narrow })).failures,
        (await borrowed.check({ workPool: "contract", template: narrow })).failures,
      ];
      expect(seen.map((failures) => failures.length)).toEqual([0, 1, 1]);
      expect(seen[1]).toEqual([
        { property: "", reason: expect.stringMatching(/^baseJobTemplate\.variables\.properties\.image: .*"nightly"/) },
      ]);
      expect(JSON.stringify(seen)).not.toContain(PLANTED);
      stage.network.writes();
      await expect(pool.up({ ...program, baseJobTemplate: narrow })).rejects.toThrow("template/refuses-deployment");
      expect(stage.network.writes()).toEqual([]);
      return seen;
    },
  },
  {
    name: "a pool or queue that deployments use is not even planned to be replaced, unless that was applied as wanted",
    async play(stage) {
      const pool = new Managed(stage.door, "WorkPool", "used");
      const queue = new Managed(stage.door, "WorkQueue", "used");
      await pool.up({ name: "used", type: "process" });
      await queue.up({ workPool: "used", name: "line" });
      await deploy(stage, "daily", { work_pool_name: "used", work_queue_name: "line" });
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

async function deploy(stage: Stage, name: string, more: Properties): Promise<void> {
  const { id }: { id: string } = await stage.api("POST", "/flows/", { name: "flow" });
  await stage.api("POST", "/deployments/", { name, flow_id: id, ...more });
}
