import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { places } from "../support/stores.ts";

const CLIENTS = 8;
const ENOUGH = 60;
const STATES = ["PENDING", "RUNNING", "COMPLETED"];

const root = join(import.meta.dirname, "..", "..", "..");

interface Serving {
  child: ChildProcess;
  url: string;
  /** What it had to complain about. */
  complaints: string[];
}

async function start(db: string): Promise<Serving> {
  const args = [join(root, "cli", "main.ts"), "serve", "--port", "0", "--db", db];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const complaints: string[] = [];
  child.stderr?.on("data", (chunk) => complaints.push(String(chunk)));
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (line.startsWith("export PREFECT_API_URL="))
      return { child, complaints, url: line.slice("export PREFECT_API_URL=".length) };
  }
  throw new Error("the server ended before it was ready");
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as Record<string, unknown>;
}

/** Makes runs and takes them through their states until nobody answers any more. Notes each run's last acknowledged state. */
async function workUntilKilled(url: string, flowId: unknown, known: Map<string, string>, onAnswer: () => void) {
  try {
    for (;;) {
      const run = await post(`${url}/flow_runs/`, { flow_id: flowId, state: { type: "SCHEDULED" } });
      known.set(String(run.id), "SCHEDULED");
      onAnswer();
      for (const type of STATES) {
        const { status } = await post(`${url}/flow_runs/${String(run.id)}/set_state`, { state: { type } });
        expect(status).toBe("ACCEPT");
        known.set(String(run.id), type);
        onAnswer();
      }
    }
  } catch (error) {
    // What fetch says when the connection is cut; everything else is a finding.
    if (!(error instanceof TypeError)) throw error;
  }
}

it.each(places)(
  "every acknowledged run and state is there after kill -9 and a restart ($name)",
  async ({ name, make }) => {
    const folder = await mkdtemp(join(tmpdir(), "prefect-iac-killed-"));
    const place = name === "SQLite" ? { location: join(folder, "server.db"), remove: async () => {} } : await make();
    const first = await start(place.location);
    const known = new Map<string, string>();
    const flow = await post(`${first.url}/flows/`, { name: "killed" });
    let answers = 0;
    const onAnswer = () => {
      answers += 1;
      if (answers === ENOUGH) first.child.kill("SIGKILL");
    };
    const ended = once(first.child, "exit");
    await Promise.all(Array.from({ length: CLIENTS }, () => workUntilKilled(first.url, flow.id, known, onAnswer)));
    await ended;
    expect(answers).toBeGreaterThanOrEqual(ENOUGH);

    const second = await start(place.location);
    const lost: string[] = [];
    const order = ["SCHEDULED", ...STATES];
    for (const [id, state] of known) {
      const answer = await fetch(`${second.url}/flow_runs/${id}`);
      const { state_type: kept } = (await answer.json()) as { state_type: string };
      // The next state may have been written, and its answer cut off.
      if (order.indexOf(kept) < order.indexOf(state)) lost.push(`${id}: ${state}, and now ${kept ?? answer.status}`);
    }
    second.child.kill("SIGTERM");
    await once(second.child, "exit");
    await place.remove();
    await rm(folder, { recursive: true, force: true });
    expect(lost).toEqual([]);
    expect(second.complaints).toEqual([]);
  },
  60_000,
);
