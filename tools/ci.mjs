import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Both test tiers, as `.ci/run` calls them: the README's own test command, then the tests with the real programs. The last line is
 *  "N passed, N failed" over both; the exit code is not 0 when a test failed, a tier could not run, or a tier ran no test.
 *
 *  In the real tier programs take part that are not ours. A file of it that failed runs once more, a tier that never got to its tests
 *  starts once more, and what failed at the first try is told whatever came of it. Node built-ins only, as in `start.mjs`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), "prefect-iac-ci-"));

const unit = run("unit", ["test"]);
const first = run("real", ["run", "test:real"]);
const second = first.red.length === 0 ? undefined : run("real-again", ["run", "test:real"], first.redFiles);
rmSync(reports, { recursive: true, force: true });

tell("Failed in the unit tests", unit.red);
tell("Failed in the real tier", first.red);
if (second?.red.length === 0) console.log("\nAt the second try all of these passed.");
else if (second !== undefined) tell("Failed in the real tier at the second try", second.red);

// What was run again counts as it went the second time.
const settled = second === undefined ? first.passed : first.redFiles.length === 0 ? 0 : first.passedInGreenFiles;
const passed = unit.passed + settled + (second?.passed ?? 0);
const failed = unit.red.length + (second?.red.length ?? 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a tier, or some files of it. `red`: what failed, a text each. */
function run(name, script, files = []) {
  const file = join(reports, `${name}.json`);
  const args = [...script, "--", ...files, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { status } = spawnSync("npm", args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const results = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).testResults : [];
  const redFiles = new Set(results.filter((result) => result.status === "failed").map((result) => result.name));
  const red = results.filter((result) => redFiles.has(result.name)).flatMap(failures);
  if (results.length === 0) red.push(`no test was run (exit code ${status})`);
  else if (status !== 0 && red.length === 0) red.push(`exit code ${status}, though no test failed`);
  return {
    red,
    redFiles: [...redFiles].map((path) => relative(root, path)),
    passed: passes(results),
    passedInGreenFiles: passes(results.filter((result) => !redFiles.has(result.name))),
  };
}

function passes(results) {
  return results.flatMap((result) => result.assertionResults).filter((test) => test.status === "passed").length;
}

/** A file that cannot even be loaded, or fails outside of its tests, counts as one failure: its tests are not in the sums. */
function failures({ name, status, message, assertionResults }) {
  const of = relative(root, name);
  const tests = assertionResults.filter((test) => test.status === "failed");
  if (tests.length === 0) return status === "failed" ? [`${of}: ${message}`] : [];
  return tests.map((test) => `${of}: ${test.fullName}\n${test.failureMessages.join("\n")}`);
}

function tell(what, red) {
  if (red.length > 0) console.log(`\n${what}:\n${red.map((one) => `- ${one.replaceAll("\n", "\n  ")}`).join("\n")}`);
}
