import { describe, expect, it } from "vitest";
import { Limiter, type Outcome, type Slot } from "../../../../provider/client/transport/request-limiter.ts";

const never = new AbortController().signal;

/** Uses the limiter by hand. */
function desk(limiter: Limiter) {
  const running: { name: string; slot: Slot }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    ask(name: string, again = false, signal = never): Promise<void> {
      return limiter.acquire(signal, again).then((slot) => void running.push({ name, slot }));
    },
    async end(name: string, outcome: Outcome = "answered") {
      const at = running.findIndex((one) => one.name === name);
      running.splice(at, 1)[0]?.slot.release(outcome);
    },
    async running() {
      await settle();
      return running.map(({ name }) => name);
    },
  };
}

async function pass(limiter: Limiter, outcome: Outcome, times = 1): Promise<void> {
  for (let count = 0; count < times; count++) (await limiter.acquire(never, false)).release(outcome);
}

describe("turns", () => {
  it("are given in order, as many at once as the width", async () => {
    const { ask, end, running } = desk(new Limiter(2, 2));
    for (const name of ["a", "b", "c", "d"]) void ask(name);
    expect(await running()).toEqual(["a", "b"]);
    await end("b", "failed");
    expect(await running()).toEqual(["a", "c"]);
  });

  it("go first to who was refused and comes again", async () => {
    const { ask, end, running } = desk(new Limiter(1));
    for (const name of ["a", "b", "c"]) void ask(name);
    void ask("again", true);
    expect(await running()).toEqual(["a"]);
    await end("a");
    expect(await running()).toEqual(["again"]);
    await end("again");
    expect(await running()).toEqual(["b"]);
  });

  it("are not kept for who went away", async () => {
    const { ask, end, running } = desk(new Limiter(1));
    const leaving = new AbortController();
    void ask("a");
    const left = expect(ask("b", false, leaving.signal)).rejects.toThrow("gone");
    void ask("c");
    leaving.abort(new Error("gone"));
    await left;
    await running();
    await end("a");
    expect(await running()).toEqual(["c"]);
  });

  it("are refused to who has gone before", async () => {
    await expect(new Limiter(1).acquire(AbortSignal.abort(new Error("gone")), false)).rejects.toThrow("gone");
  });

  it("are given back once only", async () => {
    const limiter = new Limiter(1);
    const slot = await limiter.acquire(never, false);
    slot.release("answered");
    slot.release("answered");
    const { ask, running } = desk(limiter);
    void ask("a");
    void ask("b");
    expect(await running()).toEqual(["a"]);
  });
});

describe("the width", () => {
  it("grows with every good answer up to the most", async () => {
    const limiter = new Limiter(16);
    expect(limiter.width).toBe(4);
    await pass(limiter, "answered", 5);
    expect(limiter.width).toBe(9);
    await pass(limiter, "answered", 50);
    expect(limiter.width).toBe(16);
  });

  it("halves once for all that was sent before, and never below one", async () => {
    const limiter = new Limiter(16, 8);
    const slots = await Promise.all(Array.from({ length: 8 }, () => limiter.acquire(never, false)));
    for (const slot of slots) slot.release("overloaded");
    expect(limiter.width).toBe(4);
    await pass(limiter, "overloaded");
    expect(limiter.width).toBe(2);
    await pass(limiter, "overloaded", 5);
    expect(limiter.width).toBe(1);
  });

  it("stays when connections fail: that says nothing about load", async () => {
    const limiter = new Limiter(16);
    await pass(limiter, "failed", 10);
    expect(limiter.width).toBe(4);
  });

  it("grows back to the most after an overload that has passed", async () => {
    const limiter = new Limiter(16, 16);
    await pass(limiter, "overloaded", 3);
    expect(limiter.width).toBe(2);
    await pass(limiter, "answered", 600);
    expect(limiter.width).toBe(16);
  });

  it("probes the more rarely the more often growing is refused, so that a server that bears one is asked by one", async () => {
    const limiter = new Limiter(16, 4);
    let refusals = 0;
    // Refuses every request that is sent while another is under way.
    for (let sent = 0; sent < 1_000; ) {
      const slots = await Promise.all(Array.from({ length: limiter.width }, () => limiter.acquire(never, false)));
      slots.forEach((slot, index) => {
        slot.release(index === 0 ? "answered" : "overloaded");
      });
      refusals += slots.length - 1;
      sent += slots.length;
    }
    expect(refusals).toBeLessThan(30);
  });
});
