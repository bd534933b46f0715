import { describe, expect, it } from "vitest";
import { type Answering, failure, localApi, pool, type Reply, workPools } from "../support/local-api.ts";

const busy: Reply = { status: 503, json: { exception_message: "Service Unavailable" } };

describe("an overloaded server", () => {
  it("is asked again until it has time, with growing waits", async () => {
    const { api, time, asked } = await localApi((_, times) => (times < 6 ? busy : { status: 201, json: pool }));
    expect(await workPools(api).create({ name: "etl" })).toMatchObject({ id: pool.id });
    expect(time.waits).toEqual([150, 300, 600, 1200, 2400]);
    expect(asked).toHaveLength(6);
  });

  it.each<[string, Reply["headers"], number]>([
    ["seconds", { "retry-after": "3" }, 3_000],
    ["a fraction", { "retry-after": "1.25" }, 1_250],
    ["a date", { date: "Sun, 01 Mar 2026 12:00:00 GMT", "retry-after": "Sun, 01 Mar 2026 12:00:09 GMT" }, 9_000],
    ["an hour, but not longer than 30 s", { "retry-after": "3600" }, 30_000],
    ["nonsense, as if nothing was said", { "retry-after": "soon" }, 150],
  ])("is left alone as long as it asks for: %s", async (_, headers, wait) => {
    for (const status of [429, 503]) {
      const { api, time } = await localApi((__, times) =>
        times === 1 ? { ...busy, status, headers: headers ?? {} } : { json: pool },
      );
      await workPools(api).read("etl");
      expect(time.waits).toEqual([wait]);
    }
  });

  it("that stays so fails the operation within its time, with what it said last", async () => {
    const { api, time } = await localApi(() => busy);
    const begun = time.now();
    const error = await failure(workPools(api).update("etl", {}));
    expect(error).toMatchObject({ code: "unavailable", status: 503, detail: "Service Unavailable" });
    expect(error.message).toMatch(
      /the server is not available \(503\): Service Unavailable\. It was sent \d+ times\. .*overloaded or down/,
    );
    expect(time.now() - begun).toBeLessThanOrEqual(150_000);
    expect(time.now() - begun).toBeGreaterThan(140_000);
  });

  it("is asked for one thing at a time while it refuses more, and all of a fleet is made", async () => {
    let under = 0;
    let refused = 0;
    const onlyOne: Answering = async () => {
      under++;
      await new Promise((resolve) => setImmediate(resolve));
      const alone = under === 1;
      under--;
      if (alone) return { status: 201, json: pool };
      refused++;
      return busy;
    };
    const { api } = await localApi(onlyOne);
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, index) => workPools(api).create({ name: `p${index}` })),
    );
    expect(made).toHaveLength(200);
    expect(refused).toBeLessThan(100);
  });

  it("never has more than the configured number of requests at once", async () => {
    let under = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    const { api } = await localApi(
      async () => {
        most = Math.max(most, ++under);
        if (under === 3) full.resolve();
        await full.promise;
        under--;
        return { json: pool };
      },
      { given: { maxConcurrentRequests: 3 } },
    );
    await Promise.all(Array.from({ length: 60 }, () => workPools(api).read("etl")));
    expect(most).toBe(3);
  });
});

/** A server that answers only when told. */
function held() {
  const arrived = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const answer: Answering = async () => {
    arrived.resolve();
    await goOn.promise;
    return { json: pool };
  };
  return { answer, arrived: arrived.promise, goOn: goOn.resolve };
}

describe("an operation", () => {
  it("ends when its time is over, and says what may have happened", async () => {
    for (const kind of ["read", "update"] as const) {
      const { answer, arrived, goOn } = held();
      const { api, time } = await localApi(answer, { given: { requestTimeoutSeconds: 7 } });
      const ended = failure(kind === "read" ? workPools(api).read("etl") : workPools(api).update("etl", {}));
      await arrived;
      time.advance(7_000);
      const error = await ended;
      expect(error).toMatchObject({ code: "timeout", attempts: 1, mayHaveHappened: kind === "update" });
      expect(error.message).toContain("no success within 7 s (requestTimeoutSeconds)");
      goOn();
    }
  });

  it("ends at once when it is cancelled, also before it began", async () => {
    const { answer, arrived, goOn } = held();
    const { api } = await localApi(answer);
    const cancel = new AbortController();
    const ended = failure(workPools(api).create({ name: "etl" }, { signal: cancel.signal }));
    await arrived;
    cancel.abort();
    expect(await ended).toMatchObject({ code: "cancelled", mayHaveHappened: true });
    expect(await failure(workPools(api).create({ name: "etl" }, { signal: cancel.signal }))).toMatchObject({
      code: "cancelled",
      mayHaveHappened: false,
      attempts: 0,
    });
    goOn();
  });

  it("leaves the others alone when it is cancelled while the server is asked for its version", async () => {
    const arrived = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const version: Answering = async () => {
      arrived.resolve();
      await goOn.promise;
      return { json: "3.8.4" };
    };
    const { api } = await localApi(() => ({ json: pool }), { version });
    const cancel = new AbortController();
    const first = failure(workPools(api).read("etl", { signal: cancel.signal }));
    const second = workPools(api).read("etl");
    await arrived.promise;
    cancel.abort();
    expect(await first).toMatchObject({ code: "cancelled" });
    goOn.resolve();
    expect(await second).toMatchObject({ id: pool.id });
  });

  it("waits for its turn without losing time, as long as others are answered", async () => {
    const slow = { by: (_: number) => {} };
    const answer: Answering = () => {
      slow.by(50_000);
      return { json: pool };
    };
    const { api, time } = await localApi(answer, { given: { maxConcurrentRequests: 1 } });
    slow.by = (ms) => time.advance(ms);
    const begun = time.now();
    const answers = await Promise.all(Array.from({ length: 10 }, () => workPools(api).read("etl")));
    expect(answers).toHaveLength(10);
    expect(time.now() - begun).toBe(500_000);
    expect(time.pending).toBe(0);
  });

  it("that has begun ends after its time, whatever else is answered meanwhile", async () => {
    const { answer, arrived, goOn } = held();
    const { api, time } = await localApi((asked, times) =>
      asked.path.endsWith("slow") ? answer(asked, times) : { json: pool },
    );
    const ended = failure(workPools(api).read("slow"));
    await arrived;
    time.advance(75_000);
    await workPools(api).read("quick");
    time.advance(75_000);
    expect(await ended).toMatchObject({ code: "timeout", attempts: 1 });
    goOn();
  });

  it("that was refused has the next turn, before those that have not begun", async () => {
    const { api, asked } = await localApi(
      ({ path }, times) => (path.endsWith("a") && times === 1 ? busy : { json: pool }),
      {
        given: { maxConcurrentRequests: 1 },
      },
    );
    await Promise.all(["a", "b", "c", "d"].map((name) => workPools(api).read(name)));
    expect(asked.map(({ path }) => path.at(-1)).join("")).toBe("abacd");
  });

  it("does not wait for its turn for ever when nothing comes back", async () => {
    const { answer, arrived, goOn } = held();
    const { api, time } = await localApi(answer, { given: { maxConcurrentRequests: 1 } });
    const both = [failure(workPools(api).read("a")), failure(workPools(api).update("b", {}))] as const;
    await arrived;
    time.advance(150_000);
    expect(await Promise.all(both)).toMatchObject([
      { code: "timeout", attempts: 1 },
      { code: "timeout", attempts: 0, mayHaveHappened: false },
    ]);
    goOn();
  });

  it("ends when the client is closed, and none begins after", async () => {
    const { answer, arrived, goOn } = held();
    const { api, time, asked } = await localApi(answer);
    const ended = failure(workPools(api).read("etl"));
    await arrived;
    await api.close();
    expect(await ended).toMatchObject({ code: "cancelled" });
    expect(await failure(workPools(api).read("etl"))).toMatchObject({ code: "cancelled", attempts: 0 });
    expect(asked).toHaveLength(1);
    expect(time.pending).toBe(0);
    goOn();
  });
});
