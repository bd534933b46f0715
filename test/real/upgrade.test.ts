import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { expect, it } from "vitest";
import { type Declaration, output, secret } from "./harness/declaration.ts";
import { on } from "./harness/on-every-server.ts";
import { bare, sample, template } from "./harness/samples.ts";
import { doors, type TestStack } from "./harness/workbench.ts";
import { referenceServer } from "./harness/world.ts";

/** States that released versions left behind. A newer version must find nothing to do in them, as long as the program stays the
 *  same. `npm run test:real -- --keep-state test/real/upgrade.test.ts` keeps the states of this version. */

const folder = join(import.meta.dirname, "..", "fixtures", "state");
const version = (
  JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8")) as { version: string }
).version;

/** Frozen: the states were made from it. A program for new kinds or fields gets a fixture of its own. */
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
  bare(sample("GlobalConcurrencyLimit", "bare-global", { props: { name: "kept-bare", limit: 0 }, all: false })),
  { kind: "TagConcurrencyLimit", name: "tag", props: { tag: "kept", concurrencyLimit: 2 } },
];

const keep = process.env.PREFECT_IAC_KEEP_STATE === "1";
const states = existsSync(folder) ? readdirSync(folder) : [];

on(referenceServer, (site) => {
  /** The URL is in the environment: in the configuration it would be in the state, and different in every run. */
  const stackFor = (door: (typeof doors)[number]): Promise<TestStack> =>
    site.bench.stack(door, {}, { PREFECT_API_URL: site.world.url });

  it.each(doors)("a state that this version makes through the %s door has nothing to do under it", async (door) => {
    const stack = await stackFor(door);
    stack.declarations = program;
    await stack.up();
    const state = await stack.exportState();
    if (keep) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${version}-${door}.json`), `${JSON.stringify(state, null, 2)}\n`);
    }
    const other = await stackFor(door);
    other.declarations = program;
    await other.importState(state);
    await other.expectNoChanges({ refresh: true });
    await stack.destroy();
  });

  it("a state of this version is kept for every door", () => {
    expect(states).toEqual(expect.arrayContaining(doors.map((door) => `${version}-${door}.json`)));
  });

  it.each(states)("%s has nothing to do", async (file) => {
    const state = JSON.parse(readFileSync(join(folder, file), "utf8")) as Automation.Deployment;
    const door = doors.find((candidate) => file.endsWith(`-${candidate}.json`));
    if (door === undefined) throw new Error(`${file} is not named after a door`);
    const stack = await stackFor(door);
    stack.declarations = program;
    await stack.importState(state);
    site.world.proxy.take();
    await stack.expectNoChanges();
    expect(site.world.proxy.take()).toEqual([]);
  });
});
