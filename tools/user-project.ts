import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildEnvironment } from "./environment.ts";
import { run } from "./run.ts";

const root = join(import.meta.dirname, "..");

interface Locked {
  version?: string;
  integrity?: string;
  resolved?: string;
  dependencies?: Record<string, string>;
  [key: string]: unknown;
}

/** Makes `folder` a user's project: the package, packed as it would be published and installed by npm, and @pulumi/pulumi. The versions
 *  are those of our own lock file, so that npm finds all packages in its cache and sends no requests. Expects a finished build. Returns
 *  the path of the tarball. */
export async function installUserProject(folder: string): Promise<string> {
  const env = buildEnvironment();
  await mkdir(folder, { recursive: true });
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: root,
    env,
    output: "collect",
  });
  const tarball = tarballIn(packed);
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const own = lock.packages[""];
  const pulumi = lock.packages["node_modules/@pulumi/pulumi"]?.version;
  if (own === undefined || pulumi === undefined) throw new Error("package-lock.json does not name @pulumi/pulumi");
  const project = { name: "user-project", version: "1.0.0", private: true };
  const dependencies = { "prefect-iac": `file:${tarball}`, "@pulumi/pulumi": pulumi };
  const packages: Record<string, Locked> = {
    "": { ...project, dependencies },
    "node_modules/prefect-iac": { ...withoutDevelopment(own), resolved: `file:${tarball}` },
  };
  for (const [path, locked] of Object.entries(lock.packages)) if (path !== "") packages[path] = located(path, locked);
  const newLock = { ...project, lockfileVersion: 3, requires: true, packages };
  await writeFile(join(folder, "package.json"), JSON.stringify({ ...project, dependencies }, null, 2));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(newLock, null, 2));
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await run("npm", ["ci", ...flags], { cwd: folder, env, output: "collect" });
  return join(folder, tarball);
}

function tarballIn(packed: string): string {
  const [answer] = JSON.parse(packed) as { filename: string }[];
  if (answer === undefined) throw new Error("npm pack wrote no tarball");
  return answer.filename;
}

/** npm finds a tarball in its cache only by its URL. */
function located(path: string, locked: Locked): Locked {
  const { dev: _dev, devOptional: _devOptional, peer: _peer, ...kept } = locked;
  const name = typeof locked.name === "string" ? locked.name : path.slice(path.lastIndexOf("node_modules/") + 13);
  const file = `${name.slice(name.lastIndexOf("/") + 1)}-${locked.version}.tgz`;
  return { ...kept, resolved: `https://registry.npmjs.org/${name}/-/${file}` };
}

function withoutDevelopment(own: Locked): Locked {
  const { devDependencies: _devDependencies, ...kept } = own;
  return kept;
}
