import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { pausedRuns } from "../../../server/services/paused-runs.ts";
import { apiOn } from "../support/api.ts";
import { newRun, readRun, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

onEachStore("paused runs", (store) => {
  it("fail when they are not resumed in time", async () => {
    const api = apiOn(store());
    const pass = () => pausedRuns.run(createContext({ store: store(), clock: api.clock }));
    const pause = async (state_details: object) => {
      const { id } = await newRun(api, { state: { type: "RUNNING" } });
      await setState(api, id, { type: "PAUSED", state_details });
      return id;
    };
    const [timed, untimed] = [await pause({ pause_timeout: "2026-11-21T12:05:00Z" }), await pause({})];
    api.clock.advance(300);
    await pass();
    expect((await readRun(api, timed)).state_type).toBe("PAUSED");
    api.clock.advance(1);
    await pass();
    expect(await readRun(api, timed)).toMatchObject({
      state_type: "FAILED",
      state: { message: "The flow was paused and never resumed." },
    });
    expect((await readRun(api, untimed)).state_type).toBe("PAUSED");
  });
});
