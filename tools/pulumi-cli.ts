import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { copyFile, readdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { builtOnce } from "./built-once.ts";
import { buildEnvironment, ordinaryEnvironment } from "./environment.ts";
import { ProgramError, run } from "./run.ts";

export interface PulumiCli {
  /** A folder with `pulumi` and, where it was asked for, `pulumi-language-yaml`: to be put on PATH. */
  folder: string;
  version: string;
  /** Where it comes from, in words. */
  source: string;
}

const modules = join(import.meta.dirname, "pulumi-cli");
const CLI = { module: modules, package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", program: "pulumi" };
const YAML = {
  module: join(modules, "yaml"),
  package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  program: "pulumi-language-yaml",
};
/** The oldest CLI that the tests work with. */
const OLDEST = [3, 200];

/** The Pulumi CLI: the one on PATH, else a cached build, else built from its Go module, else downloaded by the vendor's installer.
 *  `yaml`: with the language host for YAML programs (a vendor's installation contains it). */
export async function pulumiCli(options: { yaml: boolean; log: (line: string) => void }): Promise<PulumiCli> {
  const present = await onPath(options);
  if (present !== undefined) return present;
  const version = pinned(CLI.module, "github.com/pulumi/pulumi/pkg/v3");
  const name = `pulumi-${version}-${fingerprint()}-${process.platform}-${process.arch}`;
  let source = "an earlier build of its Go module";
  const folder = await builtOnce(name, async (target) => {
    source = await install(version, target, options.log);
  });
  return { folder, version, source };
}

async function onPath(options: { yaml: boolean; log: (line: string) => void }): Promise<PulumiCli | undefined> {
  const found = which("pulumi");
  if (found === undefined) return undefined;
  const folder = dirname(realpathSync(found));
  const version = (await run(found, ["version"], { env: ordinaryEnvironment(), output: "collect" }))
    .trim()
    .replace(/^v/, "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!)) {
    options.log(`The Pulumi CLI on PATH is ${version}, older than ${OLDEST.join(".")}: not used.`);
    return undefined;
  }
  if (options.yaml && !existsSync(join(folder, YAML.program))) {
    options.log(`The Pulumi CLI on PATH (${version}) has no ${YAML.program} beside it: not used.`);
    return undefined;
  }
  return { folder, version, source: `found on PATH (${found})` };
}

async function install(version: string, target: string, log: (line: string) => void): Promise<string> {
  try {
    log(
      `Building the Pulumi CLI ${version} and its YAML host from their Go modules, once: some minutes, kept in ${dirname(target)}`,
    );
    for (const built of [CLI, YAML]) await compile(built, target, built === CLI ? version : undefined, log);
    return "built from its Go module";
  } catch (error) {
    if (!(error instanceof ProgramError) && !(error instanceof Error && "code" in error)) throw error;
    log(`That did not work:\n${error.message}\nTrying the vendor's installer instead.`);
    await installFromVendor(version, target);
    return "the vendor's installer";
  }
}

async function compile(
  built: typeof CLI,
  target: string,
  version: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  const flags = version === undefined ? "" : ` -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;
  const args = [
    "build",
    "-mod=mod",
    "-trimpath",
    "-ldflags",
    `-s -w${flags}`,
    "-o",
    join(target, built.program),
    built.package,
  ];
  const start = Date.now();
  const ticking = setInterval(() => log(`  … ${built.program}: ${Math.round((Date.now() - start) / 1000)} s`), 20_000);
  try {
    await run("go", args, { cwd: built.module, env: { ...buildEnvironment(), GOFLAGS: "" }, output: "collect" });
    log(`  ${built.program}: built in ${Math.round((Date.now() - start) / 1000)} s`);
  } finally {
    clearInterval(ticking);
  }
}

/** The vendor's script downloads the released CLI with all its language hosts. */
async function installFromVendor(version: string, target: string): Promise<void> {
  const script = join(target, "install.sh");
  const answer = await fetch("https://get.pulumi.com/", { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`https://get.pulumi.com/ answered ${answer.status}`);
  await writeFile(script, await answer.text());
  const args = [script, "--version", version, "--install-root", target, "--no-edit-path"];
  await run("sh", args, { env: buildEnvironment(), output: "show" });
  const binaries = join(target, "bin");
  for (const file of await readdir(binaries)) await copyFile(join(binaries, file), join(target, file));
}

/** The version of a module that go.mod asks for. */
function pinned(module: string, dependency: string): string {
  const line = readFileSync(join(module, "go.mod"), "utf8").match(new RegExp(`^\\s*${dependency} v(\\S+)`, "m"));
  if (line?.[1] === undefined) throw new Error(`${module}/go.mod names no version of ${dependency}`);
  return line[1];
}

/** Part of the name in the cache: other modules are another build. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const { module } of [CLI, YAML])
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  return hash.digest("hex").slice(0, 8);
}

function which(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}
