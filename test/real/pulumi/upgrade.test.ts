import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { expect, it } from "vitest";
import { type Declaration, output, secret } from "../harness/declaration.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { requiredOnly, sample, template } from "../harness/samples.ts";
import { referenceServer } from "../harness/servers.ts";
import { modes, type TestStack } from "../harness/test-stack.ts";

/** States written by released versions. A newer version must show no changes for them with the same program.
 *  `npm run test:real -- --keep-state test/real/pulumi/upgrade.test.ts` stores the states of this version. */

const folder = join(import.meta.dirname, "..", "..", "fixtures", "state");
const version = (
  JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "..", "package.json"), "utf8")) as { version: string }
).version;

/** Frozen: the stored states come from it. New kinds or fields need a program and fixtures of their own. */
const program: Declaration[] = [
  {
    kind: "WorkPool",
    name: "full",
    props: {
      name: "kept-full",
      type: "process",
      description: secret("kept secret"),
      isPaused: true,
      concurrencyLimit: 5,
      baseJobTemplate: template("a:1"),
      storageConfiguration: { bundleUploadStep: { "some.step": { bucket: "b" } } },
      adopt: "ifEqual",
      forceDelete: true,
    },
  },
  { kind: "WorkPool", name: "bare", props: { name: "kept-bare", type: "docker" } },
  {
    kind: "WorkQueue",
    name: "queue",
    props: {
      workPool: output("full", "name"),
      name: "queue",
      description: "d",
      isPaused: false,
      concurrencyLimit: 0,
      priority: 3,
    },
  },
  { kind: "WorkQueue", name: "bare-queue", props: { workPool: output("bare", "name") } },
  {
    kind: "QueueOrder",
    name: "order",
    props: { workPool: output("bare", "name"), queues: [output("bare-queue", "name"), "default"] },
  },
  {
    kind: "BaseJobTemplate",
    name: "template",
    props: { workPool: output("bare", "name"), template: template("b:1"), onDelete: "keep" },
  },
  {
    kind: "GlobalConcurrencyLimit",
    name: "global",
    props: { name: "kept-full", limit: 2, active: false, slotDecayPerSecond: 0.5 },
  },
  requiredOnly(sample("GlobalConcurrencyLimit", "bare-global", { props: { name: "kept-bare", limit: 0 }, all: false })),
  { kind: "TagConcurrencyLimit", name: "tag", props: { tag: "kept", concurrencyLimit: 2 } },
];

const keep = process.env.PREFECT_IAC_KEEP_STATE === "1";
const states = existsSync(folder) ? readdirSync(folder) : [];

describeOnServer(referenceServer, (context) => {
  /** The URL is set in the environment: the configuration would store it in the state, different in every run. */
  const stackFor = (mode: (typeof modes)[number]): Promise<TestStack> =>
    context.pulumi.stack(mode, {}, { PREFECT_API_URL: context.server.url });

  it.each(modes)("a state written by this version in %s mode shows no changes", async (mode) => {
    const stack = await stackFor(mode);
    stack.declarations = program;
    await stack.up();
    const state = await stack.exportState();
    if (keep) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${version}-${mode}.json`), `${JSON.stringify(state, null, 2)}\n`);
    }
    const other = await stackFor(mode);
    other.declarations = program;
    await other.importState(state);
    await other.expectNoChanges({ refresh: true });
    await stack.destroy();
  });

  it("a state of this version is stored for every mode", () => {
    expect(states).toEqual(expect.arrayContaining(modes.map((mode) => `${version}-${mode}.json`)));
  });

  it.each(states)("%s shows no changes", async (file) => {
    const state = JSON.parse(readFileSync(join(folder, file), "utf8")) as Automation.Deployment;
    const mode = modes.find((candidate) => file.endsWith(`-${candidate}.json`));
    if (mode === undefined) throw new Error(`${file} is not named after a mode`);
    const stack = await stackFor(mode);
    stack.declarations = program;
    await stack.importState(state);
    context.server.proxy.takeRequests();
    await stack.expectNoChanges();
    expect(context.server.proxy.takeRequests()).toEqual([]);
  });
});
