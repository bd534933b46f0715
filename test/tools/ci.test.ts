import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ordinaryEnvironment } from "../../tools/environment.ts";
import { runToEnd } from "../../tools/run.ts";

/** The verdict of CI, with runs of vitest that are told beforehand. */

const root = join(import.meta.dirname, "..", "..");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "prefect-iac-ci-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Outcomes = Record<string, ("passed" | "failed" | "skipped")[]>;
interface Run {
  code: number;
  /** Tests by file. None: the run ends before it has a report. */
  files?: Outcomes;
}

/** What `npm` does: each call is the next of the runs. */
const NPM = `#!${process.execPath}
const fs = require("node:fs");
const { join } = require("node:path");
const folder = __dirname;
const runs = JSON.parse(fs.readFileSync(join(folder, "runs.json"), "utf8"));
const run = runs.shift();
fs.writeFileSync(join(folder, "runs.json"), JSON.stringify(runs));
fs.appendFileSync(join(folder, "calls.txt"), process.argv.slice(2).filter((arg) => !arg.includes("report") && !arg.includes("outputFile")).join(" ") + "\\n");
const output = process.argv.find((arg) => arg.startsWith("--outputFile.json=")).slice("--outputFile.json=".length);
if (run.files) {
  const testResults = Object.entries(run.files).map(([file, tests]) => ({
    name: join(${JSON.stringify(root)}, file),
    status: tests.includes("failed") || tests.length === 0 ? "failed" : "passed",
    message: tests.length === 0 ? "cannot be loaded" : "",
    assertionResults: tests.map((status, at) => ({ status, fullName: "test " + at, failureMessages: status === "failed" ? ["it is wrong"] : [] })),
  }));
  fs.writeFileSync(output, JSON.stringify({ testResults }));
}
process.exit(run.code);
`;

async function ci(runs: Run[]): Promise<{ code: number; last: string; told: string; calls: string[] }> {
  await writeFile(join(folder, "runs.json"), JSON.stringify(runs));
  await writeFile(join(folder, "npm"), NPM, { mode: 0o755 });
  const PATH = [folder, dirname(process.execPath), process.env.PATH].join(delimiter);
  const env = { ...ordinaryEnvironment(), TMPDIR: folder, PATH };
  const { code, stdout } = await runToEnd(process.execPath, [join(root, "tools", "ci.mjs")], {
    env,
    output: "collect",
  });
  const calls = (await readFile(join(folder, "calls.txt"), "utf8")).trimEnd().split("\n");
  expect(JSON.parse(await readFile(join(folder, "runs.json"), "utf8"))).toEqual([]);
  return { code, last: stdout.trimEnd().split("\n").at(-1) ?? "", told: stdout, calls };
}

const green: Run = {
  code: 0,
  files: { "test/a.test.ts": ["passed", "passed"], "test/b.test.ts": ["passed", "skipped"] },
};

it("two green tiers are green", async () => {
  const { code, last, calls } = await ci([green, green]);
  expect([code, last]).toEqual([0, "6 passed, 0 failed"]);
  expect(calls).toEqual(["test --", "run test:real --"]);
});

it("a file that passes at the second try is told, and each of its tests counts once", async () => {
  const red: Run = {
    code: 1,
    files: { "test/a.test.ts": ["passed", "passed"], "test/b.test.ts": ["passed", "failed"] },
  };
  const again: Run = { code: 0, files: { "test/b.test.ts": ["passed", "passed"] } };
  const { code, last, told, calls } = await ci([green, red, again]);
  expect([code, last]).toEqual([0, "7 passed, 0 failed"]);
  expect(calls.at(-1)).toBe("run test:real -- test/b.test.ts");
  expect(told).toContain("Failed in the real tier:\n- test/b.test.ts: test 1\n  it is wrong\n");
  expect(told).toContain("At the second try all of these passed.");
});

it("what fails twice is red, in either tier", async () => {
  const red: Run = { code: 1, files: { "test/a.test.ts": ["passed", "failed", "failed"] } };
  expect(await ci([green, red, red])).toMatchObject({ code: 1, last: "4 passed, 2 failed" });
  expect(await ci([red, red, green])).toMatchObject({ code: 1, last: "4 passed, 2 failed" });
});

it("a file that cannot be loaded is a failure", async () => {
  const broken: Run = { code: 1, files: { "test/a.test.ts": ["passed"], "test/c.test.ts": [] } };
  const again: Run = { code: 1, files: { "test/c.test.ts": [] } };
  const { code, last, told } = await ci([broken, again, green]);
  expect([code, last]).toEqual([1, "4 passed, 1 failed"]);
  expect(told).toContain("test/c.test.ts: cannot be loaded");
});

it("a tier that never gets to its tests, or runs none, is started once more, and is red then", async () => {
  expect(await ci([green, { code: 1 }, green])).toMatchObject({ code: 0, last: "6 passed, 0 failed" });
  expect(await ci([green, { code: 1 }, { code: 1 }])).toMatchObject({ code: 1, last: "3 passed, 1 failed" });
  expect(await ci([{ code: 0, files: {} }, { code: 0, files: {} }, green])).toMatchObject({ code: 1 });
});

it("an exit code that no test explains is red", async () => {
  const odd: Run = { ...green, code: 1 };
  expect(await ci([green, odd, odd])).toMatchObject({ code: 1, last: "6 passed, 1 failed" });
});
