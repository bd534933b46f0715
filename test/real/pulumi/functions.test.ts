import type * as Pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type * as Dynamic from "../../../sdk/index.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { referenceServer } from "../harness/servers.ts";
import { requireFromProject } from "../harness/setup.ts";

/** Reads in a program: `get`, and the functions in both forms. */

const pulumi = requireFromProject<typeof Pulumi>("@pulumi/pulumi");
const entries = [
  { mode: "dynamic", entry: "prefect-iac" },
  { mode: "native", entry: "prefect-iac/native" },
] as const;

describeOnServer(referenceServer, (context) => {
  it.each(entries)(
    "$mode: reads existing objects, and in a preview none that does not exist yet",
    async ({ mode, entry }) => {
      const prefect = requireFromProject<typeof Dynamic>(entry);
      const theirs = `theirs-${mode}`;
      await context.server.request("POST", "/work_pools/", { name: theirs, type: "process", concurrency_limit: 3 });
      const stack = await context.pulumi.stack(mode, { "prefect:apiUrl": context.server.url });
      let results: unknown[] = [];
      stack.program = async () => {
        const got = prefect.WorkPool.get("got", theirs);
        const { template } = await prefect.getDefaultJobTemplate({ type: "process" });
        const own = new prefect.WorkPool(`own-${mode}`, { type: "process", isPaused: true, baseJobTemplate: template });
        const read = prefect.getWorkPoolOutput({ name: own.name }, { dependsOn: [own] });
        const { queues } = await prefect.getWorkQueues({ workPool: theirs });
        results = [];
        pulumi.all([got.name, got.type, got.workPoolId]).apply((values) => results.push(values));
        pulumi
          .all([read.status, read.workPoolId, own.workPoolId])
          .apply(([status, id, ownId]) => results.push([status, id === ownId]));
        pulumi.output(queues).apply((list) => results.push(list.map((queue) => [queue.name, queue.priority])));
      };
      const pool = (await context.server.request("GET", `/work_pools/${theirs}`)) as { id: string };
      const existing = [[theirs, "process", pool.id], [["default", 1]]];

      const { changes } = await stack.preview();
      expect(changes).toEqual({ create: 2 });
      expect(results).toHaveLength(2);
      expect(results).toEqual(expect.arrayContaining(existing));

      await stack.up();
      expect(results).toHaveLength(3);
      expect(results).toEqual(expect.arrayContaining([...existing, ["PAUSED", true]]));

      await stack.expectNoChanges();
      await stack.destroy();
      expect(await context.server.request("GET", `/work_pools/${theirs}`)).toMatchObject({ id: pool.id });
    },
  );
});
