import { chmod, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildEnvironment, ordinaryEnvironment } from "./environment.ts";
import { startPostgres } from "./postgres.ts";
import { prefectInstall, startPrefect } from "./prefect/server.ts";
import { pulumiCli } from "./pulumi-cli.ts";
import { run } from "./run.ts";
import { untilStopped } from "./until-stopped.ts";
import { installUserProject } from "./user-project.ts";
import { vitest } from "./vitest.ts";

/** `npm run test:real`: the built and packed package with the real Pulumi CLI, on the reference server and on a real
 *  Prefect; and the server's own tests once more, on a PostgreSQL. */
const keepState = process.argv.includes("--keep-state");
const args = process.argv.slice(2).filter((arg) => arg !== "--keep-state");
const say = (line: string) => console.log(line);
const root = join(import.meta.dirname, "..");

process.exitCode = await untilStopped(async ({ cleanUp }) => {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-real-"));
  // It is the tests' TMPDIR, and the user that PostgreSQL runs as must get through.
  await chmod(folder, 0o711);
  cleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const cli = await pulumiCli({ yaml: true, say });
  say(`Pulumi CLI ${cli.version}: ${cli.source}`);
  const install = await prefectInstall(say);
  say("Building the package and installing it into a project of its own …");
  await run(process.execPath, [join(root, "tools", "build.ts")], {
    cwd: root,
    env: buildEnvironment(),
    output: "collect",
  });
  const project = join(folder, "project");
  const tarball = await installUserProject(project);
  // As many files at a time, each with a Prefect of its own. On PostgreSQL: on SQLite its event loop may wait a minute for itself.
  const workers = Math.min(4, availableParallelism());
  const urls: string[] = [];
  for (let worker = 0; worker < workers; worker++) {
    const postgres = await startPostgres({ durable: false });
    cleanUp(() => postgres.stop());
    const prefect = await startPrefect(install, postgres.url);
    cleanUp(() => prefect[Symbol.asyncDispose]());
    urls.push(prefect.url);
  }
  say(`Prefect ${install.version} on PostgreSQL: ${urls.join(", ")}`);
  return vitest(["--project", "real", "--project", "postgres", `--maxWorkers=${workers}`, ...args], {
    ...ordinaryEnvironment(),
    PATH: [cli.folder, dirname(process.execPath), process.env.PATH].join(delimiter),
    // Nothing of the user's home may matter: profiles of Prefect, credentials of Pulumi.
    HOME: folder,
    TMPDIR: folder,
    PREFECT_IAC_PULUMI: cli.folder,
    PREFECT_IAC_PROJECT: project,
    PREFECT_IAC_TARBALL: tarball,
    PREFECT_IAC_REAL_URLS: urls.join(","),
    PREFECT_IAC_PREFECT_PYTHON: install.python,
    PREFECT_IAC_PREFECT_VERSION: install.version,
    PREFECT_IAC_KEEP_STATE: keepState ? "1" : "",
  });
});
