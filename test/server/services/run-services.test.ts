import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { openStore, type Store } from "../../../server/index.ts";
import { runServices, type Wait } from "../../../server/services/run-services.ts";
import type { Service } from "../../../server/services/service.ts";
import { onEachStore } from "../support/stores.ts";

/** Something that happens once, and can be waited for. */
function event() {
  let happen = (): void => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happen, happened };
}

/** Timers that ring when a test says so. */
function handTimers() {
  const waiting: { seconds: number; ring: () => void }[] = [];
  let changed = event();
  const wait: Wait = (seconds, signal) =>
    new Promise((resolve) => {
      waiting.push({ seconds, ring: resolve });
      signal.addEventListener("abort", () => resolve());
      changed.happen();
      changed = event();
    });
  /** The next timer that is set. */
  const next = async () => {
    while (waiting.length === 0) await changed.happened;
    return waiting.shift() as { seconds: number; ring: () => void };
  };
  return { wait, next };
}

function contextOn(store: Store) {
  const errors: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (facts: object) => void errors.push(facts) };
  return { context: createContext({ store, log }), errors };
}

onEachStore("running services", (store, newPlace) => {
  it("runs a service at once, and again when its time has passed since the end of the pass", async () => {
    const { wait, next } = handTimers();
    const { context } = contextOn(store());
    let passes = 0;
    const service: Service = { name: "counting", everySeconds: 7, run: async () => void passes++ };
    const running = runServices(context, [service], wait);
    const first = await next();
    expect([passes, first.seconds]).toEqual([1, 7]);
    first.ring();
    await next();
    expect(passes).toBe(2);
    await running.stop();
    expect(passes).toBe(2);
  });

  it("logs a pass that fails, and tries again after half a minute at most", async () => {
    const { wait, next } = handTimers();
    const { context, errors } = contextOn(store());
    const failure = new Error("no");
    let passes = 0;
    const failing: Service = {
      name: "failing",
      everySeconds: 3600,
      async run() {
        passes += 1;
        if (passes === 1) throw failure;
      },
    };
    const running = runServices(context, [failing], wait);
    const first = await next();
    expect(first.seconds).toBe(30);
    expect(errors).toEqual([{ err: failure, service: "failing" }]);
    first.ring();
    expect((await next()).seconds).toBe(3600);
    await running.stop();
  });

  it("stops when the pass under way has ended", async () => {
    const { wait } = handTimers();
    const { context } = contextOn(store());
    const started = event();
    const gate = event();
    let ended = false;
    const slow: Service = {
      name: "slow",
      everySeconds: 1,
      async run() {
        started.happen();
        await gate.happened;
        ended = true;
      },
    };
    const running = runServices(context, [slow], wait);
    await started.happened;
    const stopped = running.stop().then(() => ended);
    gate.happen();
    expect(await stopped).toBe(true);
  });

  it("never runs two passes of one service at a time, and different ones side by side", async () => {
    const place = await newPlace();
    // Two processes' stores, where the database takes several.
    const one = await openStore(place.location);
    const other = one.kind === "postgres" ? await openStore(place.location) : one;
    const gate = event();
    const started = event();
    const holding = one.withServiceLock("busy", async () => {
      started.happen();
      await gate.happened;
    });
    await started.happened;
    const refused: string[] = [];
    expect(await other.withServiceLock("busy", async () => void refused.push("busy"))).toBe(false);
    expect(await one.withServiceLock("busy", async () => void refused.push("busy"))).toBe(false);
    expect(await other.withServiceLock("free", async () => {})).toBe(true);
    gate.happen();
    expect(await holding).toBe(true);
    expect(await other.withServiceLock("busy", async () => {})).toBe(true);
    expect(refused).toEqual([]);
    await expect(one.withServiceLock("failing", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await other.withServiceLock("failing", async () => {})).toBe(true);
    await one.close();
    if (other !== one) await other.close();
    await place.remove();
  });
});
