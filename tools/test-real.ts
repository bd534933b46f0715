import { chmod, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { allDone } from "./all-done.ts";
import { buildEnvironment, ordinaryEnvironment } from "./environment.ts";
import { startPostgres } from "./postgres.ts";
import { type PrefectInstall, prefectInstall, startPrefect } from "./prefect/server.ts";
import { pulumiCli } from "./pulumi-cli.ts";
import { run } from "./run.ts";
import { type Scope, untilStopped } from "./until-stopped.ts";
import { installUserProject } from "./user-project.ts";
import { vitest } from "./vitest.ts";

/** `npm run test:real`: the built and packed package with the real Pulumi CLI, on the reference server and on a real Prefect; and the
 *  server's own tests once more, on a PostgreSQL. */
const keepState = process.argv.includes("--keep-state");
const args = process.argv.slice(2).filter((arg) => arg !== "--keep-state");
const log = (line: string) => console.log(line);
const root = join(import.meta.dirname, "..");
/** Test files at a time. One more than there are cores: some tests wait for a lease or a poll. */
const WORKERS = Math.min(4, availableParallelism() + 1);

process.exitCode = await untilStopped(async ({ defer }) => {
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-real-"));
  // It is the tests' TMPDIR, and the user that PostgreSQL runs as must get through.
  await chmod(folder, 0o711);
  defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const cli = await pulumiCli({ yaml: true, log });
  log(`Pulumi CLI ${cli.version}: ${cli.source}`);
  const install = await prefectInstall(log);
  log(`Building and installing the package, and starting Prefect ${install.version} on PostgreSQL, ${WORKERS} times …`);
  const project = join(folder, "project");
  const compileCache = join(folder, "compile-cache");
  const installing = installPackage(project, compileCache);
  const starting = Array.from({ length: WORKERS }, () => startPrefectOnPostgres(install, defer));
  const [tarball = "", ...urls] = await allDone([installing, ...starting]);
  return vitest(["--project", "real", "--project", "postgres", `--maxWorkers=${WORKERS}`, ...args], {
    ...ordinaryEnvironment(),
    PATH: [cli.folder, dirname(process.execPath), process.env.PATH].join(delimiter),
    // Nothing of the user's home may matter: profiles of Prefect, credentials of Pulumi.
    HOME: folder,
    TMPDIR: folder,
    NODE_COMPILE_CACHE: compileCache,
    PREFECT_IAC_PULUMI: cli.folder,
    PREFECT_IAC_PROJECT: project,
    PREFECT_IAC_TARBALL: tarball,
    PREFECT_IAC_REAL_URLS: urls.join(","),
    PREFECT_IAC_PREFECT_PYTHON: install.python,
    PREFECT_IAC_PREFECT_VERSION: install.version,
    PREFECT_IAC_KEEP_STATE: keepState ? "1" : "",
  });
});

/** Builds, packs and installs the package, and compiles what Pulumi starts for every command: it is killed before it could write what it
 *  has compiled. Answers the tarball. */
async function installPackage(project: string, compileCache: string): Promise<string> {
  const build = [join(root, "tools", "build.ts")];
  await run(process.execPath, build, { cwd: root, env: buildEnvironment(), output: "collect" });
  const tarball = await installUserProject(project);
  const load =
    'for (const name of ["@pulumi/pulumi", "prefect-iac/dynamic", "./node_modules/prefect-iac/dist/plugin-serve.cjs"]) require(name); process.exit();';
  const env = { ...ordinaryEnvironment(), NODE_COMPILE_CACHE: compileCache };
  await run(process.execPath, ["-e", load], { cwd: project, env, output: "collect" });
  return tarball;
}

/** Each worker has a Prefect for itself. On PostgreSQL: on SQLite its event loop may wait a minute for itself. Answers the API's URL. */
async function startPrefectOnPostgres(install: PrefectInstall, defer: Scope["defer"]): Promise<string> {
  const postgres = await startPostgres({ durable: false });
  defer(() => postgres.stop());
  const prefect = await startPrefect(install, postgres.url);
  defer(() => prefect[Symbol.asyncDispose]());
  return prefect.url;
}
