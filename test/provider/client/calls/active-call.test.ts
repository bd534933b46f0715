import { describe, expect, it } from "vitest";
import { type FakeResponse, failure, localApi, pool, type RequestHandler, workPools } from "../support/local-api.ts";

const busy: FakeResponse = { status: 503, json: { exception_message: "Service Unavailable" } };

/** A server that responds when the test calls `goOn`. */
function heldServer() {
  const arrived = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const handler: RequestHandler = async () => {
    arrived.resolve();
    await goOn.promise;
    return { json: pool };
  };
  return { handler, arrived: arrived.promise, goOn: goOn.resolve };
}

describe("a call", () => {
  it("ends after its timeout, and says whether it may have happened", async () => {
    for (const kind of ["read", "update"] as const) {
      const { handler, arrived, goOn } = heldServer();
      const { api, time } = await localApi(handler, { settings: { requestTimeoutSeconds: 7 } });
      const ended = failure(kind === "read" ? workPools(api).read("etl") : workPools(api).update("etl", {}));
      await arrived;
      time.advance(7_000);
      const error = await ended;
      expect(error).toMatchObject({ code: "timeout", attempts: 1, mayHaveHappened: kind === "update" });
      expect(error.message).toContain("no success within 7 s (requestTimeoutSeconds)");
      goOn();
    }
  });

  it("ends at once when it is cancelled, also before it starts", async () => {
    const { handler, arrived, goOn } = heldServer();
    const { api } = await localApi(handler);
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

  it("does not abort other calls when it is cancelled during the server check that they share", async () => {
    const arrived = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const version: RequestHandler = async () => {
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

  it("does not time out in the queue while other calls get responses", async () => {
    const slow = { by: (_: number) => {} };
    const handler: RequestHandler = () => {
      slow.by(50_000);
      return { json: pool };
    };
    const { api, time } = await localApi(handler, { settings: { maxConcurrentRequests: 1 } });
    slow.by = (ms) => time.advance(ms);
    const start = time.now();
    const pools = await Promise.all(Array.from({ length: 10 }, () => workPools(api).read("etl")));
    expect(pools).toHaveLength(10);
    expect(time.now() - start).toBe(500_000);
    expect(time.pending).toBe(0);
  });

  it("that has started ends after its timeout, also when other calls get responses", async () => {
    const { handler, arrived, goOn } = heldServer();
    const { api, time } = await localApi((request, times) =>
      request.path.endsWith("slow") ? handler(request, times) : { json: pool },
    );
    const ended = failure(workPools(api).read("slow"));
    await arrived;
    time.advance(75_000);
    await workPools(api).read("quick");
    time.advance(75_000);
    expect(await ended).toMatchObject({ code: "timeout", attempts: 1 });
    goOn();
  });

  it("that is retried has priority over new calls", async () => {
    const { api, requests } = await localApi(
      ({ path }, times) => (path.endsWith("a") && times === 1 ? busy : { json: pool }),
      {
        settings: { maxConcurrentRequests: 1 },
      },
    );
    await Promise.all(["a", "b", "c", "d"].map((name) => workPools(api).read(name)));
    expect(requests.map(({ path }) => path.at(-1)).join("")).toBe("abacd");
  });

  it("times out in the queue when no responses arrive", async () => {
    const { handler, arrived, goOn } = heldServer();
    const { api, time } = await localApi(handler, { settings: { maxConcurrentRequests: 1 } });
    const both = [failure(workPools(api).read("a")), failure(workPools(api).update("b", {}))] as const;
    await arrived;
    time.advance(150_000);
    expect(await Promise.all(both)).toMatchObject([
      { code: "timeout", attempts: 1 },
      { code: "timeout", attempts: 0, mayHaveHappened: false },
    ]);
    goOn();
  });

  it("ends when the client is closed, and none starts afterwards", async () => {
    const { handler, arrived, goOn } = heldServer();
    const { api, time, requests } = await localApi(handler);
    const ended = failure(workPools(api).read("etl"));
    await arrived;
    await api.close();
    expect(await ended).toMatchObject({ code: "cancelled" });
    expect(await failure(workPools(api).read("etl"))).toMatchObject({ code: "cancelled", attempts: 0 });
    expect(requests).toHaveLength(1);
    expect(time.pending).toBe(0);
    goOn();
  });
});
