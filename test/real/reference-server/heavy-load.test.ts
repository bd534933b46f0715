import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runWorkers } from "../../../tools/bench/run-workers.ts";

/** A small heap, so that unbounded memory use ends the server. */
const HEAP_MEGABYTES = 256;
const root = join(import.meta.dirname, "..", "..", "..");

let folder: string;
let child: ChildProcess;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "prefect-iac-heavy-"));
  const heap = `--max-old-space-size=${HEAP_MEGABYTES}`;
  const command = [heap, join(root, "cli", "main.ts"), "serve", "--port", "0", "--db", join(folder, "server.db")];
  child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (!line.startsWith("export PREFECT_API_URL=")) continue;
    url = line.slice("export PREFECT_API_URL=".length);
    break;
  }
  await post("/work_pools/", JSON.stringify({ name: "heavy", type: "process" }));
});

afterEach(async () => {
  child.kill("SIGTERM");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  await rm(folder, { recursive: true, force: true });
});

async function post(path: string, body: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url + path, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

it("the largest bodies are answered, one after the other and in parallel", async () => {
  const list = (item: string, count: number) => `[${Array(count).fill(item).join(",")}]`;
  const uuid = '"11111111-2222-4333-8444-555555555555"';
  const keys = Array.from({ length: 400_000 }, (_, count) => `"k${count}":0`).join(",");
  const megabytes = (count: number) => "x".repeat(count * 2 ** 20);
  const bodies: [path: string, body: string, statuses: number[]][] = [
    ["/flow_runs/filter", `{"flow_runs":{"id":{"any_":${list("0", 1_000_000)}}}}`, [413, 422]],
    ["/flow_runs/filter", `{"flow_runs":{"id":{"any_":${list("0", 900_000)}}}}`, [422]],
    ["/flow_runs/filter", `{"flow_runs":{"id":{"any_":${list(uuid, 500_000)}}}}`, [200]],
    ["/flow_runs/filter", `{"flow_runs":{"tags":{"all_":${list('"a"', 200_000)}}}}`, [200]],
    ["/flow_runs/filter", `{"flow_runs":{${keys}}}`, [422]],
    ["/work_pools/filter", `{"work_pools":{"name":{"any_":${list('""', 900_000)}}}}`, [200]],
    ["/work_pools/", `{"name":"big","type":"process","base_job_template":{${keys}}}`, [201, 413, 422]],
    ["/work_pools/", `{"name":"long","type":"process","description":"${megabytes(30)}"}`, [201]],
    ["/work_pools/", `{"name":"longer","type":"process","description":"${megabytes(33)}"}`, [413]],
    ["/work_pools/", `{"name":"deep","type":"process","x":${"[".repeat(5_000_000)}`, [400]],
    ["/work_pools/", `{"name":"many","x":${list("{}", 5_000_000)}}`, [413]],
    ["/logs/", list('{"name":1}', 300_000), [422]],
    ["/logs/", list("0", 900_000), [422]],
    ["/events", list("{}", 400_000), [422]],
    ["/deployments/", `{"schedules":${list("{}", 300_000)}}`, [422]],
    ["/task_runs/", `{"task_inputs":{${keys}}}`, [422]],
    ["/variables/", `{"name":"v","value":${list("0", 900_000)}}`, [422]],
    ["/v2/concurrency_limits/increment", `{"slots":1,"names":${list('"x"', 900_000)}}`, [200]],
  ];
  for (const [path, body, statuses] of bodies) {
    const status = await post(path, body);
    expect([path, body.slice(0, 60), statuses.includes(status) ? statuses : status]).toEqual([
      path,
      body.slice(0, 60),
      statuses,
    ]);
  }
  const parallel = await Promise.all(Array.from({ length: 4 }, () => post("/events", list("{}", 400_000))));
  expect(parallel).toEqual([422, 422, 422, 422]);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  expect(child.exitCode).toBeNull();
});

it("two hundred workers send heartbeats and poll every two seconds without an error", async () => {
  const { requests, failed } = await runWorkers(url, { pool: "heavy", workers: 200, seconds: 8, everySeconds: 2 });
  expect(failed).toBe(0);
  expect(requests).toBeGreaterThanOrEqual(400);
});
