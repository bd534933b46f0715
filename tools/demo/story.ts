import type * as Automation from "@pulumi/pulumi/automation/index.js";
import type { JsonObject } from "../../schema/json.ts";
import type { PrefectHttp } from "../prefect-http.ts";
import type { RecordingProxy } from "../recording-proxy.ts";
import type { AutoloaderProgram, Edit } from "./autoloader-program.ts";
import type { Narrator } from "./narrator.ts";

export interface Scene {
  narrator: Narrator;
  program: AutoloaderProgram;
  /** The stack, with an edition of the program. */
  stackOf(edition: Automation.PulumiFn): Promise<Automation.Stack>;
  api: PrefectHttp;
  /** Between the provider and the server. */
  proxy: RecordingProxy;
  /** Of every object's name, so that the demo touches nothing else on the server. */
  prefix: string;
}

/** Runs the example from the first preview to destroy. Every claim is verified on the server, over plain HTTP. */
export async function runStory({ narrator, program, stackOf, api, proxy, prefix }: Scene): Promise<void> {
  const processPool = `${prefix}-process-pool`;
  const kubernetesPool = `${prefix}-k8s-pool`;
  const shown = { color: process.stdout.isTTY ? "always" : "never", onOutput: narrator.quote } as const;
  let stack = await stackOf(await program.load());

  narrator.title("pulumi preview: what would be made");
  const plan = await stack.preview(shown);
  narrator.check("preview plans to create every object of the program", plan.changeSummary.create === 9);
  narrator.check("preview changes nothing on the server", (await api.pool(processPool)) === undefined);

  narrator.title("pulumi up: make it so");
  await stack.up(shown);
  narrator.say(`${api.url} now has, over HTTP:`);
  const queues = await api.queues(processPool);
  narrator.quote(
    queues.map(({ name, concurrency_limit: limit }) => `${processPool} / ${name}: ${limit} at once`).join("\n"),
  );
  narrator.check(
    "after up, both pools exist",
    (await api.pool(processPool)) !== undefined && (await api.pool(kubernetesPool)) !== undefined,
  );
  narrator.check("the queues are served in the order of the program's list", names(queues) === "priority, default");
  narrator.check("each queue has its limit", queues.map((queue) => queue.concurrency_limit).join() === "5,10");
  narrator.check(
    "the Kubernetes template arrived as it was written",
    memoryOf(await api.pool(kubernetesPool)) === "32Gi",
  );

  narrator.title("pulumi preview again: nothing to do");
  proxy.takeRequests();
  const again = await stack.preview({ ...shown, expectNoChanges: true });
  narrator.check("a second preview finds no change", onlySame(again));
  narrator.check(
    "a preview without changes sends not a single request to the server",
    proxy.takeRequests().length === 0,
  );

  narrator.title("A change in the program: a limit, the order of the queues, one leaf deep in the template");
  const edits: Edit[] = [
    { file: "index.ts", from: "concurrencyLimit: 10,", to: "concurrencyLimit: 20," },
    { file: "index.ts", from: "queues: [manual.name, scheduled.name],", to: "queues: [scheduled.name, manual.name]," },
    { file: "ingestion-template.ts", from: 'default: "32Gi"', to: 'default: "64Gi"' },
  ];
  for (const { file, from, to } of edits) narrator.quote(`${file}\n- ${from}\n+ ${to}`);
  stack = await stackOf(await program.edit(...edits));
  const diff = await stack.preview({ ...shown, diff: true });
  narrator.check(
    "three edits show as three updates, and as nothing else",
    diff.changeSummary.update === 3 && diff.changeSummary.create === undefined,
  );
  narrator.check(
    "the edit of the template shows as the leaf that changed",
    /default\s*: "32Gi" => "64Gi"/.test(plain(diff.stdout)),
  );
  await stack.up(shown);
  const after = await api.queues(processPool);
  narrator.check("the edited order is on the server", names(after) === "default, priority");
  narrator.check("the edited limit is on the server", after[0]?.concurrency_limit === 20);
  narrator.check("the edited leaf is on the server", memoryOf(await api.pool(kubernetesPool)) === "64Gi");

  narrator.title("Behind its back: somebody changes a limit over HTTP");
  narrator.quote(`PATCH ${api.url}/work_pools/${processPool}  {"concurrency_limit": 99}`);
  await api.request("PATCH", `/work_pools/${processPool}`, { concurrency_limit: 99 });
  await stack.refresh(shown);
  const drift = await stack.preview({ ...shown, diff: true });
  narrator.check(
    "a refresh finds what somebody else changed",
    /concurrencyLimit\s*: 99 => 15/.test(plain(drift.stdout)),
  );
  await stack.up(shown);
  narrator.check("the next up repairs it", (await api.pool(processPool))?.concurrency_limit === 15);

  narrator.title("An operator pauses a pool: the program does not say anything about that");
  narrator.quote(`PATCH ${api.url}/work_pools/${processPool}  {"is_paused": true}`);
  await api.request("PATCH", `/work_pools/${processPool}`, { is_paused: true });
  const edit = { file: "index.ts", from: "Standard ingestions", to: "Standard (small) ingestions" };
  narrator.quote(`${edit.file}\n- ${edit.from}\n+ ${edit.to}`);
  stack = await stackOf(await program.edit(edit));
  await stack.up({ ...shown, refresh: true });
  const paused = await api.pool(processPool);
  narrator.check("a change of a paused pool is applied", String(paused?.description).startsWith("Standard (small)"));
  narrator.check("the operator's pause survives it", paused?.is_paused === true);

  narrator.title("pulumi destroy: leave nothing behind");
  await stack.destroy(shown);
  const left = [await api.pool(processPool), await api.pool(kubernetesPool)];
  const tag = await api.request("GET", `/concurrency_limits/tag/${prefix}-object-store`);
  narrator.check(
    "after destroy, pools, queues and limits are gone",
    left.every((pool) => pool === undefined) && tag === undefined,
  );
}

function names(queues: readonly { name: string }[]): string {
  return queues.map(({ name }) => name).join(", ");
}

function onlySame({ changeSummary }: Automation.PreviewResult): boolean {
  return Object.keys(changeSummary).every((operation) => operation === "same");
}

/** The default of the variable `memory` in a pool's template. */
function memoryOf(pool: JsonObject | undefined): unknown {
  const template = pool?.base_job_template as { variables?: { properties?: Record<string, JsonObject> } } | undefined;
  return template?.variables?.properties?.memory?.default;
}

/** Without the colours of a terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence starts with one.
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
