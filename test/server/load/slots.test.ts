import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { leaseReaper } from "../../../server/services/lease-reaper.ts";
import { type Random, randomFrom } from "../fuzz/random.ts";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

const CLIENTS = 12;
const STEPS = 25;

interface Limit {
  name: string;
  limit: number;
  active_slots: number;
}

/** What one client was given and has not given back. */
interface Holding {
  names: string[];
  slots: number;
  leaseId: string | undefined;
}

onEachStore("slots under random parallel takers", (store) => {
  const setting = async (names: readonly string[]) => {
    const api = apiOn(store());
    const most = new Map(names.map((name, at) => [name, 3 + 4 * at]));
    for (const [name, limit] of most) await api.post("/v2/concurrency_limits/", { name, limit });
    const look = async () => {
      const limits = await Promise.all(names.map((name) => api.get(`/v2/concurrency_limits/${name}`)));
      return limits.map(({ body }) => body as Limit);
    };
    return { api, most, look };
  };

  it("are never above a limit nor below none, and in the end as many as are held", async () => {
    const names = ["few", "some", "more"];
    const { api, most, look } = await setting(names);
    const held = new Map(names.map((name) => [name, 0]));
    const trespasses: string[] = [];
    const count = ({ names, slots }: Holding, sign: 1 | -1) => {
      for (const name of names) {
        const sum = (held.get(name) ?? 0) + sign * slots;
        held.set(name, sum);
        if (sum > (most.get(name) ?? 0)) trespasses.push(`${sum} slots of ${name} are held`);
      }
    };

    const take = async (random: Random): Promise<Holding | undefined> => {
      const expected = names.filter(() => random.chance(0.6));
      const slots = 1 + random.below(2);
      const leased = random.chance(0.5);
      const route = leased ? "increment-with-lease" : "increment";
      const answer = await api.post(`/v2/concurrency_limits/${route}`, { names: expected, slots });
      expect([200, 423]).toContain(answer.status);
      if (answer.status === 423) return undefined;
      const holding = {
        names: expected,
        slots,
        leaseId: leased ? (answer.body as { lease_id: string }).lease_id : undefined,
      };
      count(holding, 1);
      return holding;
    };
    const giveBack = async (holding: Holding): Promise<void> => {
      // Before the request: from its commit on somebody else may have them, and hear of it before we do.
      count(holding, -1);
      const { names, slots, leaseId } = holding;
      const answer =
        leaseId === undefined
          ? await api.post("/v2/concurrency_limits/decrement", { names, slots })
          : await api.post("/v2/concurrency_limits/decrement-with-lease", { lease_id: leaseId });
      expect(answer.status).toBeLessThan(300);
    };
    const client = async (number: number): Promise<Holding[]> => {
      const random = randomFrom(`slots ${number}`);
      const mine: Holding[] = [];
      for (let step = 0; step < STEPS; step++) {
        const holding = random.chance(0.5) ? mine.pop() : undefined;
        if (holding !== undefined) await giveBack(holding);
        else {
          const taken = await take(random);
          if (taken !== undefined) mine.push(taken);
        }
        for (const { name, active_slots, limit } of random.chance(0.2) ? await look() : []) {
          if (active_slots < 0 || active_slots > limit) trespasses.push(`${name} shows ${active_slots} of ${limit}`);
        }
      }
      return mine;
    };

    const left = (await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))).flat();
    expect(trespasses).toEqual([]);
    expect((await look()).map(({ name, active_slots }) => [name, active_slots])).toEqual([...held]);
    await Promise.all(left.map(giveBack));
    expect((await look()).map(({ active_slots }) => active_slots)).toEqual([0, 0, 0]);
  }, 60_000);

  it("are given back once, whoever ends their lease: its holder, again, or the reaper", async () => {
    const { api, look } = await setting(["raced"]);
    const context = createContext({ store: store(), clock: api.clock });
    for (let round = 0; round < 8; round++) {
      const kept = await api.post("/v2/concurrency_limits/increment", { names: ["raced"], slots: 1 });
      expect(kept.status).toBe(200);
      const body = { names: ["raced"], slots: 2, lease_duration: 60 };
      const lease = (await api.post("/v2/concurrency_limits/increment-with-lease", body)).body as { lease_id: string };
      api.clock.advance(61);
      const end = () => api.post("/v2/concurrency_limits/decrement-with-lease", { lease_id: lease.lease_id });
      const renew = () => api.post(`/v2/concurrency_limits/leases/${lease.lease_id}/renew`, { lease_duration: 60 });
      await Promise.all([end(), leaseReaper.run(context), end(), leaseReaper.run(context), renew()]);
      await end();
      expect((await look()).map(({ active_slots }) => active_slots)).toEqual([1]);
      await api.post("/v2/concurrency_limits/decrement", { names: ["raced"], slots: 1 });
    }
  });
});
