import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { leaseReaper } from "../../../server/services/lease-reaper.ts";
import { type Api, apiOn } from "../support/api.ts";
import { deploy, type Run, readRun, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

async function inUse(api: Api, deploymentId: string): Promise<number> {
  return ((await api.get(`/v2/concurrency_limits/deployment:${deploymentId}`)).body as { active_slots: number })
    .active_slots;
}

onEachStore("slots of a deployment", (store) => {
  const limited = async (concurrency_limit: number, more: object = {}) => {
    const api = apiOn(store());
    const deployed = await deploy(api, { concurrency_limit, ...more });
    const reap = () => leaseReaper.run(createContext({ store: store(), clock: api.clock }));
    return { api, ...deployed, slots: () => inUse(api, deployed.deployment_id), reap };
  };

  it("are taken by the claim, held while the run goes, and given back when it ends", async () => {
    const { api, run, slots } = await limited(1);
    const [first, second] = [await run(), await run()];
    expect((await setState(api, first.id, { type: "PENDING" })).body.status).toBe("ACCEPT");
    expect(await slots()).toBe(1);
    expect((await setState(api, second.id, { type: "PENDING" })).body).toMatchObject({
      status: "REJECT",
      state: { type: "SCHEDULED", name: "AwaitingConcurrencySlot" },
    });
    for (const state of [{ type: "PENDING", name: "Submitting" }, { type: "RUNNING" }]) {
      expect((await setState(api, first.id, state)).body.status).toBe("ACCEPT");
      expect(await slots()).toBe(1);
    }
    await setState(api, first.id, { type: "COMPLETED" });
    expect(await slots()).toBe(0);
    expect((await setState(api, second.id, { type: "PENDING" })).body.status).toBe("ACCEPT");
    expect(await slots()).toBe(1);
  });

  it("go to no more runs than there are slots, however many are claimed at once", async () => {
    const { api, run, slots } = await limited(3);
    const runs = await Promise.all(Array.from({ length: 12 }, run));
    const answers = await Promise.all(runs.map(({ id }) => setState(api, id, { type: "PENDING" })));
    expect(answers.filter(({ body }) => body.status === "ACCEPT")).toHaveLength(3);
    expect(await slots()).toBe(3);
  });

  it("are given back by a run that is deleted", async () => {
    const { api, run, slots } = await limited(1);
    const { id } = await run();
    await setState(api, id, { type: "PENDING" });
    await api.delete(`/flow_runs/${id}`);
    expect(await slots()).toBe(0);
  });

  it("are lost with the lease, and taken again at the start if there is one", async () => {
    const { api, run, slots, reap } = await limited(1, {
      concurrency_options: { collision_strategy: "ENQUEUE", grace_period_seconds: 60 },
    });
    const [slow, quick] = [await run(), await run()];
    await setState(api, slow.id, { type: "PENDING" });
    api.clock.advance(61);
    await reap();
    expect(await slots()).toBe(0);
    expect((await setState(api, slow.id, { type: "RUNNING" })).body.status).toBe("ACCEPT");
    expect(await slots()).toBe(1);
    // The other way round: somebody else has the slot by then.
    await setState(api, slow.id, { type: "COMPLETED" });
    const third = await run();
    await setState(api, third.id, { type: "PENDING" });
    api.clock.advance(61);
    await reap();
    expect((await setState(api, quick.id, { type: "PENDING" })).body.status).toBe("ACCEPT");
    expect((await setState(api, third.id, { type: "RUNNING" })).body).toMatchObject({
      status: "REJECT",
      state: { type: "CANCELLED" },
    });
    // What it no longer held it does not give back.
    expect(await slots()).toBe(1);
  });

  it("cancel new runs when the deployment says so", async () => {
    const { api, run } = await limited(1, { concurrency_options: { collision_strategy: "CANCEL_NEW" } });
    const [first, second] = [await run(), await run()];
    await setState(api, first.id, { type: "PENDING" });
    expect((await setState(api, second.id, { type: "PENDING" })).body).toMatchObject({
      status: "REJECT",
      state: { type: "CANCELLED" },
    });
  });

  it("are not given back by a run that was forced past them", async () => {
    const { api, run, slots } = await limited(1);
    const [holder, forced] = [await run(), await run()];
    await setState(api, holder.id, { type: "PENDING" });
    await setState(api, forced.id, { type: "RUNNING" }, true);
    await setState(api, forced.id, { type: "COMPLETED" });
    expect(await slots()).toBe(1);
    await setState(api, holder.id, { type: "RUNNING" }, true);
    await setState(api, holder.id, { type: "COMPLETED" });
    expect(await slots()).toBe(0);
  });

  describe("whatever happens", () => {
    const RUNS = 5;
    const LIMIT = 2;
    const type = fc.constantFrom(
      "SCHEDULED",
      "PENDING",
      "RUNNING",
      "COMPLETED",
      "FAILED",
      "CANCELLING",
      "CANCELLED",
      "CRASHED",
      "PAUSED",
    );
    const operation = fc.oneof(
      {
        weight: 20,
        arbitrary: fc.record({ kind: fc.constant("set" as const), run: fc.nat(RUNS - 1), type, force: fc.boolean() }),
      },
      { weight: 20, arbitrary: fc.record({ kind: fc.constant("claim" as const), run: fc.nat(RUNS - 1) }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant("time" as const), seconds: fc.constantFrom(10, 61, 400) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), run: fc.nat(RUNS - 1) }) },
    );

    it("slots are never negative, never more than the limit, and as many as runs hold leases", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 30 }), async (operations) => {
          const { api, run, slots, reap } = await limited(LIMIT, {
            concurrency_options: { collision_strategy: "ENQUEUE", grace_period_seconds: 60 },
          });
          const runs = await Promise.all(Array.from({ length: RUNS }, run));
          for (const step of operations) {
            const id = "run" in step ? (runs[step.run] as Run).id : "";
            if (step.kind === "set") await setState(api, id, { type: step.type }, step.force);
            else if (step.kind === "claim") await setState(api, id, { type: "PENDING" });
            else if (step.kind === "delete") await api.delete(`/flow_runs/${id}`);
            else {
              api.clock.advance(step.seconds);
              await reap();
            }
            const taken = await slots();
            expect(taken).toBeGreaterThanOrEqual(0);
            expect(taken).toBeLessThanOrEqual(LIMIT);
            expect(taken).toBe(await leased(api, runs));
          }
        }),
        { numRuns: 12 },
      );
    }, 90_000);

    /** Runs that hold a lease that is there. */
    async function leased(api: Api, runs: readonly Run[]): Promise<number> {
      const held = new Set<string>();
      for (const { id } of runs) {
        const { state } = (await readRun(api, id)) as Partial<Run>;
        const lease = state?.state_details.deployment_concurrency_lease_id;
        if (typeof lease === "string") held.add(lease);
      }
      const rows = await store().db.selectFrom("concurrency_lease").select("id").execute();
      return rows.filter((row) => held.has(row.id)).length;
    }
  });
});
