import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The entry scripts of this folder run on any Node from 20 up and before anything is installed: Node built-ins only, here
 *  and in whatever they import. The rest of the project runs on the Node that the project brings along. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs what the lock file says, if it is not there yet, and goes on with a script under the project's own Node.
 *  Ends this process with the script's exit code. */
export function start(script, args = process.argv.slice(2)) {
  install();
  const node = join(root, "node_modules", "node", "bin", "node");
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
  const child = spawn(node, [join(root, script), ...args], { stdio: "inherit", env: { ...process.env, PATH: path } });
  // A terminal sends Ctrl-C to both; the child cleans up, and this process only has to outlive it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`${node} does not start: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function install() {
  if (installed()) return;
  console.log("Installing the packages of package-lock.json (npm ci) …");
  const { status, error } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) fail(`npm does not start: ${error.message}`);
  if (status !== 0) fail("npm ci failed; its own message is above");
}

/** Whether node_modules holds what package-lock.json names. Versions are compared and not times: a checkout touches the one
 *  file, an install the other. */
function installed() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || present[path]?.version === version || (present[path] === undefined && optional === true),
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

// `node tools/start.mjs SCRIPT [arguments]`, for what needs no entry script of its own.
if (process.argv[1] === fileURLToPath(import.meta.url)) start(process.argv[2], process.argv.slice(3));
