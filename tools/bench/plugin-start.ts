import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { median } from "./statistics.ts";

/** Times from the start of the plugin until it prints its port and until its first response, and of a bare Node process: medians in ms.
 *  Each round measures both, so that other load affects both alike. */
export interface PluginStart {
  rounds: number;
  bareNodeMs: number;
  portLineMs: number;
  firstAnswerMs: number;
}

/** Most that the port line may take, as a multiple of the start of a bare Node process. */
export const MAX_BARE_STARTS = 3.5;

export async function measurePluginStart(plugin: string, rounds = 9): Promise<PluginStart> {
  const bare: number[] = [];
  const port: number[] = [];
  const answer: number[] = [];
  await startOnce(plugin);
  for (let round = 0; round < rounds; round++) {
    bare.push(await bareStart());
    const started = await startOnce(plugin);
    port.push(started.portLineMs);
    answer.push(started.firstAnswerMs);
  }
  return { rounds, bareNodeMs: median(bare), portLineMs: median(port), firstAnswerMs: median(answer) };
}

async function bareStart(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
  await new Promise((resolve, reject) => child.on("exit", resolve).on("error", reject));
  return performance.now() - start;
}

async function startOnce(plugin: string): Promise<{ portLineMs: number; firstAnswerMs: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [plugin], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  try {
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the plugin ended with ${code} before it printed its port`)));
    });
    const portLineMs = performance.now() - start;
    const client = new rpc.ResourceProviderClient(`127.0.0.1:${line}`, grpc.credentials.createInsecure());
    await new Promise<void>((resolve, reject) => {
      client.handshake(new messages.ProviderHandshakeRequest(), (error) => (error ? reject(error) : resolve()));
    });
    client.close();
    return { portLineMs, firstAnswerMs: performance.now() - start };
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
