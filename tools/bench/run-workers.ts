import { setTimeout as delay } from "node:timers/promises";
import { Agent, request } from "undici";
import { quantile } from "./statistics.ts";

export interface WorkersOutcome {
  requests: number;
  failed: number;
  p95Ms: number;
}

/** Simulates idle workers: each sends a heartbeat and polls for runs at an interval. */
export async function runWorkers(
  api: string,
  { pool, workers, seconds, everySeconds }: { pool: string; workers: number; seconds: number; everySeconds: number },
): Promise<WorkersOutcome> {
  const agent = new Agent({ connections: workers, headersTimeout: 30_000, bodyTimeout: 30_000 });
  const durations: number[] = [];
  let failed = 0;
  const post = async (path: string, body: object): Promise<void> => {
    const start = performance.now();
    try {
      const answer = await request(`${api}/work_pools/${pool}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        dispatcher: agent,
      });
      await answer.body.dump();
      if (answer.statusCode < 300) durations.push(performance.now() - start);
      else failed += 1;
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      failed += 1;
    }
  };
  const end = performance.now() + seconds * 1000;
  const work = async (number: number): Promise<void> => {
    await delay((number / workers) * everySeconds * 1000);
    while (performance.now() < end) {
      const next = performance.now() + everySeconds * 1000;
      await post("/workers/heartbeat", { name: `worker-${number}`, heartbeat_interval_seconds: 30 });
      await post("/get_scheduled_flow_runs", { limit: 10, scheduled_before: new Date().toISOString() });
      await delay(Math.max(0, next - performance.now()));
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, number) => work(number)));
  await agent.destroy();
  return { requests: durations.length + failed, failed, p95Ms: quantile(durations, 0.95) };
}
