import { expect, it } from "vitest";
import { openStore, type Store } from "../../../server/index.ts";
import { services } from "../../../server/services/index.ts";
import { runServices } from "../../../server/services/run-services.ts";
import { type Api, apiOn, START } from "../support/api.ts";
import { deploy, newRun, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

const TWICE = [1, 2];

/** Something for every service to do, twice where one write could do it all. */
async function neglect(api: Api): Promise<void> {
  await api.post("/v2/concurrency_limits/", { name: "l", limit: 10 });
  await api.post("/events", [
    {
      event: "old",
      occurred: START,
      resource: { "prefect.resource.id": "r" },
      id: "00000000-0000-4000-8000-000000000001",
    },
  ]);
  for (const index of TWICE) {
    await api.post("/work_pools/", { name: `p${index}`, type: "process" });
    await api.post(`/work_pools/p${index}/workers/heartbeat`, { name: "w" });
    await api.post("/v2/concurrency_limits/increment-with-lease", { names: ["l"], slots: 1, lease_duration: 60 });
    await newRun(api, { state: { type: "SCHEDULED" } });
    await deploy(api, { schedules: [{ schedule: { interval: 900, anchor_date: START } }] });
    const cancelling = await newRun(api, { state: { type: "RUNNING" } });
    await setState(api, cancelling.id, { type: "CANCELLING" });
    const paused = await newRun(api, { state: { type: "RUNNING" } });
    const state_details = { pause_timeout: START, pause_key: "k" };
    await setState(api, paused.id, { type: "PAUSED", state_details });
  }
  api.clock.advance(8 * 86_400);
}

onEachStore("every service", (_, newPlace) => {
  it("writes nothing more once it is told to stop, and does the rest later", async () => {
    const place = await newPlace();
    const store = await openStore(place.location);
    const api = apiOn(store);
    await neglect(api);
    await api.context.events.idle();
    for (const service of services) {
      const stopping = new AbortController();
      let writes = 0;
      const counting: Store = {
        ...store,
        write: (work) => {
          writes += 1;
          stopping.abort();
          return store.write(work);
        },
      };
      const context = { ...api.context, store: counting };
      await service.run(context, AbortSignal.abort());
      expect([service.name, writes]).toEqual([service.name, 0]);
      await service.run(context, stopping.signal);
      expect([service.name, writes]).toEqual([service.name, 1]);
      await service.run(context);
      expect([service.name, writes > 1]).toEqual([service.name, true]);
    }
    await api.context.events.idle();
    await store.close();
    await place.remove();
  });

  it("lets the server stop in the middle of a pass that has much to do", async () => {
    const place = await newPlace();
    const store = await openStore(place.location);
    const api = apiOn(store);
    await neglect(api);
    let stop = (): void => {};
    const request = new Promise<void>((resolve) => {
      stop = resolve;
    });
    let passes = 0;
    const endless = {
      name: "endless",
      everySeconds: 1,
      async run(context: typeof api.context, signal?: AbortSignal) {
        passes += 1;
        while (!signal?.aborted) {
          await context.store.write(async () => {});
          stop();
        }
      },
    };
    const running = runServices(api.context, [endless, ...services]);
    await request;
    await running.stop();
    expect(passes).toBe(1);
    await api.context.events.idle();
    await store.close();
    await place.remove();
  });
});
