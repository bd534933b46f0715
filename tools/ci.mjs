import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Both test tiers, as `.ci/run` calls them: the README's own test command, then the tests with the real programs. The last line is
 *  "N passed, N failed" over both; the exit code is not 0 when a test failed, a tier could not run, or a tier ran no test.
 *
 *  Programs take part that are not ours, on machines that have other things to do. A file that failed runs once more, a tier that never
 *  got to its tests starts once more, and what failed at the first try is told whatever came of it. Node built-ins only, as in `start.mjs`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), "prefect-iac-ci-"));

const tiers = [tier("unit", ["test"]), tier("real", ["run", "test:real"])];
rmSync(reports, { recursive: true, force: true });

for (const { name, first, second } of tiers) {
  tell(`Failed in the ${name} tier`, first.red);
  if (second?.red.length === 0) console.log("\nAt the second try all of these passed.");
  else if (second !== undefined) tell(`Failed in the ${name} tier at the second try, too`, second.red);
}
const passed = tiers.reduce((sum, one) => sum + one.passed, 0);
const failed = tiers.reduce((sum, one) => sum + one.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** What is run again counts as it went the second time. */
function tier(name, script) {
  const first = run(name, script);
  if (first.red.length === 0) return { name, first, passed: first.passed, failed: 0 };
  const second = run(`${name}-again`, script, first.redFiles);
  const kept = first.redFiles.length === 0 ? 0 : first.passedInGreenFiles;
  return { name, first, second, passed: kept + second.passed, failed: second.red.length };
}

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
