import { describe, expect, it } from "vitest";
import { type Outcome, RequestLimiter, type Slot } from "../../../../provider/client/transport/request-limiter.ts";

const never = new AbortController().signal;

/** Starts requests by name, and ends them when the test says so. */
function requestsOf(limiter: RequestLimiter) {
  const running: { name: string; slot: Slot }[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    start(name: string, { isRetry = false, signal = never } = {}): Promise<void> {
      return limiter.acquire(signal, isRetry).then((slot) => void running.push({ name, slot }));
    },
    async end(name: string, outcome: Outcome = "success") {
      const at = running.findIndex((request) => request.name === name);
      running.splice(at, 1)[0]?.slot.release(outcome);
    },
    async running() {
      await settled();
      return running.map(({ name }) => name);
    },
  };
}

async function send(limiter: RequestLimiter, outcome: Outcome, count = 1): Promise<void> {
  for (let sent = 0; sent < count; sent++) (await limiter.acquire(never, false)).release(outcome);
}

describe("slots", () => {
  it("are assigned in order, as many at a time as the window allows", async () => {
    const { start, end, running } = requestsOf(new RequestLimiter(2, 2));
    for (const name of ["a", "b", "c", "d"]) void start(name);
    expect(await running()).toEqual(["a", "b"]);
    await end("b", "failure");
    expect(await running()).toEqual(["a", "c"]);
  });

  it("are assigned to retries before new requests", async () => {
    const { start, end, running } = requestsOf(new RequestLimiter(1));
    for (const name of ["a", "b", "c"]) void start(name);
    void start("retry", { isRetry: true });
    expect(await running()).toEqual(["a"]);
    await end("a");
    expect(await running()).toEqual(["retry"]);
    await end("retry");
    expect(await running()).toEqual(["b"]);
  });

  it("are not assigned to a request that was aborted in the queue", async () => {
    const { start, end, running } = requestsOf(new RequestLimiter(1));
    const controller = new AbortController();
    void start("a");
    const aborted = expect(start("b", { signal: controller.signal })).rejects.toThrow("cancelled");
    void start("c");
    controller.abort(new Error("cancelled"));
    await aborted;
    await running();
    await end("a");
    expect(await running()).toEqual(["c"]);
  });

  it("are not assigned to a request that was aborted before", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(new RequestLimiter(1).acquire(signal, false)).rejects.toThrow("cancelled");
  });

  it("can be released only once", async () => {
    const limiter = new RequestLimiter(1);
    const slot = await limiter.acquire(never, false);
    slot.release("success");
    slot.release("success");
    const { start, running } = requestsOf(limiter);
    void start("a");
    void start("b");
    expect(await running()).toEqual(["a"]);
  });
});

describe("the window", () => {
  it("grows with every success up to the maximum", async () => {
    const limiter = new RequestLimiter(16);
    expect(limiter.window).toBe(4);
    await send(limiter, "success", 5);
    expect(limiter.window).toBe(9);
    await send(limiter, "success", 50);
    expect(limiter.window).toBe(16);
  });

  it("is halved once by all requests that were sent before, and is never less than one", async () => {
    const limiter = new RequestLimiter(16, 8);
    const slots = await Promise.all(Array.from({ length: 8 }, () => limiter.acquire(never, false)));
    for (const slot of slots) slot.release("overloaded");
    expect(limiter.window).toBe(4);
    await send(limiter, "overloaded");
    expect(limiter.window).toBe(2);
    await send(limiter, "overloaded", 5);
    expect(limiter.window).toBe(1);
  });

  it("stays when connections fail: that says nothing about the load", async () => {
    const limiter = new RequestLimiter(16);
    await send(limiter, "failure", 10);
    expect(limiter.window).toBe(4);
  });

  it("grows back to the maximum after an overload has passed", async () => {
    const limiter = new RequestLimiter(16, 16);
    await send(limiter, "overloaded", 3);
    expect(limiter.window).toBe(2);
    await send(limiter, "success", 600);
    expect(limiter.window).toBe(16);
  });

  it("grows the more slowly the more often growth led to an overload", async () => {
    const limiter = new RequestLimiter(16, 4);
    let refusals = 0;
    // A server that refuses concurrent requests: all but one.
    for (let sent = 0; sent < 1_000; ) {
      const slots = await Promise.all(Array.from({ length: limiter.window }, () => limiter.acquire(never, false)));
      slots.forEach((slot, index) => {
        slot.release(index === 0 ? "success" : "overloaded");
      });
      refusals += slots.length - 1;
      sent += slots.length;
    }
    expect(refusals).toBeLessThan(30);
  });
});
