import { describe, expect, it } from "vitest";
import { type FakeResponse, failure, localApi, pool, type RequestHandler, workPools } from "../support/local-api.ts";

const busy: FakeResponse = { status: 503, json: { exception_message: "Service Unavailable" } };

describe("an overloaded server", () => {
  it("is retried with exponential backoff", async () => {
    const { api, time, requests } = await localApi((_, times) => (times < 6 ? busy : { status: 201, json: pool }));
    expect(await workPools(api).create({ name: "etl" })).toMatchObject({ id: pool.id });
    expect(time.waits).toEqual([150, 300, 600, 1200, 2400]);
    expect(requests).toHaveLength(6);
  });

  it.each<[string, FakeResponse["headers"], number]>([
    ["seconds", { "retry-after": "3" }, 3_000],
    ["a fraction", { "retry-after": "1.25" }, 1_250],
    ["a date", { date: "Sun, 01 Mar 2026 12:00:00 GMT", "retry-after": "Sun, 01 Mar 2026 12:00:09 GMT" }, 9_000],
    ["an hour, cut to 30 s", { "retry-after": "3600" }, 30_000],
    ["an invalid one is ignored", { "retry-after": "soon" }, 150],
  ])("is retried after its Retry-After: %s", async (_, headers, wait) => {
    for (const status of [429, 503]) {
      const { api, time } = await localApi((__, times) =>
        times === 1 ? { ...busy, status, headers: headers ?? {} } : { json: pool },
      );
      await workPools(api).read("etl");
      expect(time.waits).toEqual([wait]);
    }
  });

  it("that stays overloaded fails the call within its timeout, with the last response", async () => {
    const { api, time } = await localApi(() => busy);
    const start = time.now();
    const error = await failure(workPools(api).update("etl", {}));
    expect(error).toMatchObject({ code: "unavailable", status: 503, detail: "Service Unavailable" });
    expect(error.message).toMatch(
      /the server is not available \(503\): Service Unavailable\. It was sent \d+ times\. .*overloaded or down/,
    );
    expect(time.now() - start).toBeLessThanOrEqual(150_000);
    expect(time.now() - start).toBeGreaterThan(140_000);
  });

  it("gets one request at a time while it refuses more, and all calls of a large program succeed", async () => {
    let running = 0;
    let refused = 0;
    const onlyOne: RequestHandler = async () => {
      running++;
      await new Promise((resolve) => setImmediate(resolve));
      const alone = running === 1;
      running--;
      if (alone) return { status: 201, json: pool };
      refused++;
      return busy;
    };
    const { api } = await localApi(onlyOne);
    const created = await Promise.all(
      Array.from({ length: 200 }, (_, index) => workPools(api).create({ name: `p${index}` })),
    );
    expect(created).toHaveLength(200);
    expect(refused).toBeLessThan(100);
  });

  it("never gets more concurrent requests than maxConcurrentRequests", async () => {
    let running = 0;
    let max = 0;
    const full = Promise.withResolvers<void>();
    const { api } = await localApi(
      async () => {
        max = Math.max(max, ++running);
        if (running === 3) full.resolve();
        await full.promise;
        running--;
        return { json: pool };
      },
      { settings: { maxConcurrentRequests: 3 } },
    );
    await Promise.all(Array.from({ length: 60 }, () => workPools(api).read("etl")));
    expect(max).toBe(3);
  });
});
