import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

function cli(...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(root, "cli", "main.ts"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

async function outcome(
  child: ChildProcess,
): Promise<{ code: number | null; signal: NodeJS.Signals | null; out: string; err: string }> {
  const texts = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => {
    texts.out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    texts.err += chunk;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, ...texts };
}

it("prints its version and its commands", async () => {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  expect(await outcome(cli("--version"))).toMatchObject({ code: 0, out: `${version}\n`, err: "" });
  expect((await outcome(cli("--help"))).out).toContain("serve");
  expect((await outcome(cli("serve", "--help"))).out).toContain("--db WHERE");
});

it("refuses an unknown command", async () => {
  const { code, err } = await outcome(cli("dance"));
  expect(code).toBe(2);
  expect(err).toContain('unknown command "dance"');
});

it("serves from a file until SIGTERM, and prints nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-cli-"));
  const file = join(folder, "server.db");
  const child = cli("serve", "--port", "0", "--db", file);
  const ended = outcome(child);
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (!line.startsWith("export PREFECT_API_URL=")) continue;
    const url = line.slice("export PREFECT_API_URL=".length);
    const response = await fetch(`${url}/work_pools/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "p", type: "process" }),
    });
    expect(response.status).toBe(201);
    child.kill("SIGTERM");
  }
  const { code, err } = await ended;
  await rm(folder, { recursive: true, force: true });
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

/** Starts a server, and a request whose body is incomplete. */
async function incompleteRequest() {
  const child = cli("serve", "--port", "0", "--log-level", "info", "--log-format", "json");
  const ended = outcome(child);
  let url = "";
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (line.startsWith("export PREFECT_API_URL=")) url = line.slice("export PREFECT_API_URL=".length);
    if (url !== "") break;
  }
  const body = JSON.stringify({ name: "late", type: "process" });
  const call = request(`${url}/work_pools/`, {
    method: "POST",
    headers: { "content-type": "application/json", "content-length": String(body.length) },
  });
  const answered = once(call, "response").then(([response]) => (response as IncomingMessage).resume().statusCode);
  call.write(body.slice(0, 5));
  // When the server has responded on a connection opened later, it has the first half.
  await (await fetch(`${url}/health`)).text();
  return { child, ended, url, call, answered, rest: body.slice(5) };
}

it("on SIGTERM, completes running requests, accepts no others, and writes its whole log", async () => {
  const { child, ended, url, call, answered, rest } = await incompleteRequest();
  child.kill("SIGTERM");
  await refusedAt(url);
  call.end(rest);
  expect(await answered).toBe(201);
  const { code, err } = await ended;
  expect(code).toBe(0);
  expect(JSON.parse(err.trim().split("\n").at(-1) ?? "")).toMatchObject({ path: "/api/work_pools/", status: 201 });
});

it("on a second signal, exits at once", async () => {
  const { child, ended, url, call, answered } = await incompleteRequest();
  answered.catch(() => {});
  call.on("error", () => {});
  child.kill("SIGTERM");
  await refusedAt(url);
  child.kill("SIGINT");
  // As shells see it: 130.
  expect((await ended).signal).toBe("SIGINT");
});

it.each([1, 2])("exits with a log that nobody reads, after %s SIGTERM", async (times) => {
  const child = cli("serve", "--port", "0", "--log-level", "info");
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (!line.startsWith("export PREFECT_API_URL=")) continue;
    const url = line.slice("export PREFECT_API_URL=".length);
    // More than a pipe's buffer and a reader's buffer hold.
    const paths = Array.from({ length: 500 }, (_, index) => `${url}/${index}${"x".repeat(900)}`);
    for (const path of paths) await (await fetch(path)).text();
    for (let time = 0; time < times; time++) child.kill("SIGTERM");
  }
  expect(await exited).toEqual([null, "SIGTERM"]);
});

/** Waits until nothing listens. */
async function refusedAt(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  for (;;) {
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.on("connect", () => resolve(false)).on("error", () => resolve(true));
      socket.on("connect", () => socket.destroy());
    });
    if (refused) return;
  }
}
