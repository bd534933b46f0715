import { expect, it } from "vitest";
import type { Change, ChangeBus } from "../../../../server/domain/changes.ts";
import { EventsOfChanges } from "../../../../server/domain/event-recorder/from-changes.ts";
import { countingIds, openStore } from "../../../../server/index.ts";
import { apiOn, START } from "../../support/api.ts";

it("events that are made when their pool is gone already still name it, and a deployment's its queue", async () => {
  const store = await openStore("memory");
  const api = apiOn(store);
  const reported: Change[] = [];
  (api.context.changes as ChangeBus).listen((changes) => reported.push(...changes));
  await api.post("/work_pools/", { name: "p", type: "process" });
  await api.post("/work_pools/p/queues", { name: "q" });
  const flow = (await api.post("/flows/", { name: "f" })).body as { id: string };
  await api.post("/deployments/", { name: "d", flow_id: flow.id, work_pool_name: "p", work_queue_name: "q" });
  await api.delete("/work_pools/p");

  const maker = new EventsOfChanges(countingIds());
  maker.observe(reported);
  const relatedTo = async (change: Change | undefined) => {
    const events = change === undefined ? [] : await maker.make(store.db, [{ change, at: START }]);
    return events.map(({ event, related }) => [event, related.map((labels) => labels["prefect.resource.name"])]);
  };
  const eventsFor = (kind: Change["kind"], name: string) =>
    reported.find(
      (change) => change.kind === kind && "object" in change && (change.object.after as { name: string }).name === name,
    );
  expect(await relatedTo(eventsFor("work-queue", "q"))).toEqual([["prefect.work-queue.created", ["p"]]]);
  expect(await relatedTo(eventsFor("deployment", "d"))).toEqual([["prefect.deployment.created", ["f", "q", "p"]]]);
  await store.close();
});
