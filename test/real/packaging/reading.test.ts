import type * as Pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type * as Dynamic from "../../../sdk/index.ts";
import { fromProject } from "../harness/machine.ts";
import { on } from "../harness/on-every-server.ts";
import { referenceServer } from "../harness/world.ts";

/** What a program may ask while it runs: `get`, and the functions in both their forms. */

const pulumi = fromProject<typeof Pulumi>("@pulumi/pulumi");
const nodeDoors = [
  { door: "dynamic", entry: "prefect-iac" },
  { door: "native", entry: "prefect-iac/native" },
] as const;

on(referenceServer, (site) => {
  it.each(nodeDoors)(
    "the $door door reads what exists, and in a preview nothing that does not exist yet",
    async ({ door, entry }) => {
      const prefect = fromProject<typeof Dynamic>(entry);
      const theirs = `theirs-${door}`;
      await site.world.ask("POST", "/work_pools/", { name: theirs, type: "process", concurrency_limit: 3 });
      const stack = await site.bench.stack(door, { "prefect:apiUrl": site.world.url });
      let seen: unknown[] = [];
      stack.program = async () => {
        const got = prefect.WorkPool.get("got", theirs);
        const { template } = await prefect.getDefaultJobTemplate({ type: "process" });
        const own = new prefect.WorkPool(`own-${door}`, { type: "process", isPaused: true, baseJobTemplate: template });
        const read = prefect.getWorkPoolOutput({ name: own.name }, { dependsOn: [own] });
        const { queues } = await prefect.getWorkQueues({ workPool: theirs });
        seen = [];
        pulumi.all([got.name, got.type, got.workPoolId]).apply((values) => seen.push(values));
        pulumi
          .all([read.status, read.workPoolId, own.workPoolId])
          .apply(([status, id, ownId]) => seen.push([status, id === ownId]));
        pulumi.output(queues).apply((list) => seen.push(list.map((queue) => [queue.name, queue.priority])));
      };
      const pool = (await site.world.ask("GET", `/work_pools/${theirs}`)) as { id: string };
      const existing = [[theirs, "process", pool.id], [["default", 1]]];

      const { changes } = await stack.preview();
      expect(changes).toEqual({ create: 2 });
      expect(seen).toHaveLength(2);
      expect(seen).toEqual(expect.arrayContaining(existing));

      await stack.up();
      expect(seen).toHaveLength(3);
      expect(seen).toEqual(expect.arrayContaining([...existing, ["PAUSED", true]]));

      await stack.expectNoChanges();
      await stack.destroy();
      expect(await site.world.ask("GET", `/work_pools/${theirs}`)).toMatchObject({ id: pool.id });
    },
  );
});
