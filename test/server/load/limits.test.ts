import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { leaseReaper } from "../../../server/services/lease-reaper.ts";
import { type Api, apiOn } from "../support/api.ts";
import { deploy, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

interface Shown {
  limit: number;
  active_slots: number;
}

async function show(api: Api, name: string): Promise<Shown> {
  return (await api.get(`/v2/concurrency_limits/${name}`)).body;
}

/** Limits whose names no other run of a property uses. */
function fresh(names: readonly string[]): string[] {
  const suffix = randomUUID().slice(0, 8);
  return names.map((name) => `${name}-${suffix}`);
}

const seconds = fc.integer({ min: 1, max: 90 });
const RUNS = { numRuns: 40 };

/** What the slots of one limit should be, by arithmetic of its own. */
class Model {
  readonly limit: number;
  active = true;
  decay = 0;
  #slots = 0;
  #since = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  at(now: number): number {
    return Math.max(0, this.#slots - Math.floor(this.decay * (now - this.#since) + 1e-9));
  }

  put(slots: number, now: number): void {
    this.#slots = Math.max(0, slots);
    this.#since = now;
  }
}

type Step =
  | { kind: "take" | "lease"; of: number[]; slots: number; lasts: number }
  | { kind: "return"; of: number[]; slots: number }
  | { kind: "end" | "renew"; which: number; lasts: number }
  | { kind: "wait"; seconds: number }
  | { kind: "switch"; which: number }
  | { kind: "decay"; which: number; decay: number };

const some = fc.subarray([0, 1, 2], { minLength: 1 });
const slots = fc.integer({ min: 1, max: 2 });
const lasts = fc.integer({ min: 60, max: 120 });
const which = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("take" as const, "lease" as const), of: some, slots, lasts }),
  fc.record({ kind: fc.constant("lease" as const), of: some, slots, lasts }),
  fc.record({ kind: fc.constant("return" as const), of: some, slots }),
  fc.record({ kind: fc.constantFrom("end" as const, "renew" as const), which: fc.nat(5), lasts }),
  fc.record({ kind: fc.constant("wait" as const), seconds }),
  fc.record({ kind: fc.constant("switch" as const), which }),
  fc.record({ kind: fc.constant("decay" as const), which, decay: fc.constantFrom(0, 0.05, 0.5) }),
);

onEachStore("slots", (store) => {
  it("are what was taken, less what was given back, ran out or decayed, whatever was switched in between", async () => {
    const api = apiOn(store());
    const start = Date.parse(api.clock.now());
    const now = () => (Date.parse(api.clock.now()) - start) / 1000;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const names = fresh(["a", "b", "c"]);
        const models = [2, 3, 4].map((limit) => new Model(limit));
        for (const [at, name] of names.entries()) {
          await api.post("/v2/concurrency_limits/", { name, limit: models[at]?.limit });
        }
        const leases: { id: string; of: Model[]; slots: number; ends: number }[] = [];
        const model = (at: number) => models[at] as Model;
        const take = async (of: number[], slots: number, lease: number | undefined): Promise<void> => {
          const expected = of.map(model).filter((one) => one.active);
          const fits = expected.every((one) => one.at(now()) + slots <= one.limit);
          const body = {
            names: of.map((at) => names[at]),
            slots,
            ...(lease !== undefined && { lease_duration: lease }),
          };
          const route = lease === undefined ? "increment" : "increment-with-lease";
          const answer = await api.post(`/v2/concurrency_limits/${route}`, body);
          expect(answer.status).toBe(fits ? 200 : 423);
          if (!fits) return;
          for (const one of expected) one.put(one.at(now()) + slots, now());
          if (lease === undefined) return;
          const { lease_id: id } = answer.body as { lease_id: string };
          leases.push({ id, of: expected, slots, ends: now() + lease });
        };
        const end = (lease: (typeof leases)[number]): void => {
          for (const one of lease.of) one.put(one.at(now()) - lease.slots, now());
          leases.splice(leases.indexOf(lease), 1);
        };
        for (const one of steps) {
          switch (one.kind) {
            case "take":
              await take(one.of, one.slots, undefined);
              break;
            case "lease":
              await take(one.of, one.slots, one.lasts);
              break;
            case "return":
              await api.post("/v2/concurrency_limits/decrement", {
                names: one.of.map((at) => names[at]),
                slots: one.slots,
              });
              for (const limit of one.of.map(model)) if (limit.active) limit.put(limit.at(now()) - one.slots, now());
              break;
            case "end":
            case "renew": {
              const lease = leases[one.which % Math.max(1, leases.length)];
              if (lease === undefined) break;
              if (one.kind === "end") {
                await api.post("/v2/concurrency_limits/decrement-with-lease", { lease_id: lease.id });
                end(lease);
              } else {
                await api.post(`/v2/concurrency_limits/leases/${lease.id}/renew`, { lease_duration: one.lasts });
                lease.ends = now() + one.lasts;
              }
              break;
            }
            case "wait":
              api.clock.advance(one.seconds);
              await leaseReaper.run(api.context);
              for (const lease of leases.filter((lease) => lease.ends <= now())) end(lease);
              break;
            case "switch":
              model(one.which).active = !model(one.which).active;
              await api.patch(`/v2/concurrency_limits/${names[one.which]}`, { active: model(one.which).active });
              break;
            case "decay":
              model(one.which).put(model(one.which).at(now()), now());
              model(one.which).decay = one.decay;
              await api.patch(`/v2/concurrency_limits/${names[one.which]}`, { slot_decay_per_second: one.decay });
          }
          const shown = await Promise.all(names.map((name) => show(api, name)));
          expect(shown.map(({ active_slots }) => active_slots)).toEqual(models.map((one) => one.at(now())));
        }
        for (const lease of leases)
          await api.post("/v2/concurrency_limits/decrement-with-lease", { lease_id: lease.id });
      }),
      RUNS,
    );
  }, 120_000);

  it("that decay are never given out faster than they decay, however many ask at once", async () => {
    const api = apiOn(store());
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(0.1, 0.5, 2),
        fc.array(fc.record({ clients: fc.integer({ min: 1, max: 10 }), pause: seconds }), { maxLength: 6 }),
        async (limit, decay, rounds) => {
          const [name = ""] = fresh(["rate"]);
          await api.post("/v2/concurrency_limits/", { name, limit, slot_decay_per_second: decay });
          let granted = 0;
          let elapsed = 0;
          for (const { clients, pause } of rounds) {
            const body = { names: [name], slots: 1, mode: "rate_limit" };
            const answers = await Promise.all(
              Array.from({ length: clients }, () => api.post("/v2/concurrency_limits/increment", body)),
            );
            granted += answers.filter(({ status }) => status === 200).length;
            expect(granted).toBeLessThanOrEqual(limit + decay * elapsed + 1e-6);
            const { active_slots } = await show(api, name);
            expect(active_slots).toBeGreaterThanOrEqual(0);
            expect(active_slots).toBeLessThanOrEqual(limit);
            api.clock.advance(pause);
            elapsed += pause;
          }
        },
      ),
      RUNS,
    );
  }, 120_000);

  it("of tags are held by the task runs that were given them, and by no more of them than the limit says", async () => {
    const api = apiOn(store());
    const move = fc.record({ give: fc.boolean(), of: fc.subarray([0, 1], { minLength: 1 }) });
    const clients = fc.array(fc.array(move, { maxLength: 8 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(clients, fc.boolean(), async (scripts, reset) => {
        const tags = fresh(["t", "u"]);
        const limits = [2, 3];
        for (const [at, tag] of tags.entries()) {
          await api.post("/concurrency_limits/", { tag, concurrency_limit: limits[at] });
        }
        const held = tags.map(() => new Set<string>());
        const trespasses: string[] = [];
        const count = (of: readonly number[], holder: string, holds: boolean): void => {
          for (const at of of) {
            if (holds) held[at]?.add(holder);
            else held[at]?.delete(holder);
            if ((held[at]?.size ?? 0) > (limits[at] ?? 0)) trespasses.push(`${held[at]?.size} hold ${tags[at]}`);
          }
        };
        const act = (route: string, of: readonly number[], task_run_id: string) =>
          api.post(`/concurrency_limits/${route}`, { names: of.map((at) => tags[at]), task_run_id });
        const client = async (script: readonly { give: boolean; of: number[] }[]): Promise<string> => {
          const me = randomUUID();
          for (const { give, of } of script) {
            // A lease is given back as a whole, with all tags that it was taken for.
            const mine = [0, 1].filter((at) => held[at]?.has(me));
            if (mine.length > 0 || give) {
              count(mine, me, false);
              expect((await act("decrement", [0, 1], me)).status).toBe(200);
            } else if ((await act("increment", of, me)).status === 200) count(of, me, true);
          }
          return me;
        };
        const everybody = await Promise.all(scripts.map(client));
        expect(trespasses).toEqual([]);
        const look = async () =>
          Promise.all(
            tags.map(async (tag) => {
              const old = (await api.get(`/concurrency_limits/tag/${tag}`)).body as { active_slots: string[] };
              return { holders: old.active_slots.toSorted(), slots: (await show(api, `tag:${tag}`)).active_slots };
            }),
          );
        const expected = () => held.map((holders) => ({ holders: [...holders].toSorted(), slots: holders.size }));
        expect(await look()).toEqual(expected());
        if (reset) {
          // Who holds slots of another tag, too, keeps those.
          await api.post(`/concurrency_limits/tag/${tags[0]}/reset`, {});
          held[0]?.clear();
          expect(await look()).toEqual(expected());
        }
        await Promise.all(everybody.map((me) => act("decrement", [0, 1], me)));
        expect(await look()).toEqual(tags.map(() => ({ holders: [], slots: 0 })));
      }),
      RUNS,
    );
  }, 120_000);

  it("of a deployment are held by the runs that go on, and by no more of them than the limit says", async () => {
    const api = apiOn(store());
    const ends = fc.constantFrom("COMPLETED", "FAILED", "CRASHED", "CANCELLED", "deleted", "lost");
    const life = fc.record({ starts: fc.boolean(), ends, attempts: fc.integer({ min: 1, max: 3 }) });
    const collision = fc.constantFrom("ENQUEUE", "CANCEL_NEW");
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        collision,
        fc.array(life, { maxLength: 12 }),
        async (limit, collision_strategy, lives) => {
          const { deployment_id, run } = await deploy(api, {
            concurrency_limit: limit,
            concurrency_options: { collision_strategy, grace_period_seconds: 60 },
          });
          const name = `deployment:${deployment_id}`;
          const going = new Set<string>();
          const trespasses: string[] = [];
          const lost = new Set<string>();
          const live = async ({ starts, ends, attempts }: (typeof lives)[number]): Promise<void> => {
            const { id } = await run();
            for (let attempt = 0; attempt < attempts; attempt++) {
              const claim = await setState(api, id, { type: "PENDING" });
              if (claim.body.status !== "ACCEPT") {
                expect(claim.body.status).toBe("REJECT");
                if (collision_strategy === "CANCEL_NEW") return;
                continue;
              }
              going.add(id);
              if (going.size > limit) trespasses.push(`${going.size} runs of ${limit}`);
              // Who was sent back before is to wait for a while, with the slot in hand.
              if (starts)
                expect(["ACCEPT", "WAIT"]).toContain((await setState(api, id, { type: "RUNNING" })).body.status);
              if (ends === "lost") {
                lost.add(id);
                return;
              }
              // Before the request: from its commit on somebody else may have the slot.
              going.delete(id);
              if (ends === "deleted") expect((await api.delete(`/flow_runs/${id}`)).status).toBe(204);
              else expect((await setState(api, id, { type: ends }, true)).body.status).toBe("ACCEPT");
              return;
            }
          };
          await Promise.all(lives.map(live));
          expect(trespasses).toEqual([]);
          expect(await show(api, name)).toMatchObject({ limit, active_slots: lost.size });
          // Whose process is gone loses its slot in the end, once.
          api.clock.advance(301);
          await Promise.all([leaseReaper.run(api.context), leaseReaper.run(api.context)]);
          expect(await show(api, name)).toMatchObject({ limit, active_slots: 0 });
          await Promise.all([...lost].map((id) => setState(api, id, { type: "CRASHED" }, true)));
          expect(await show(api, name)).toMatchObject({ limit, active_slots: 0 });
        },
      ),
      RUNS,
    );
  }, 120_000);
});
