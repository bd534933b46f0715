import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** The user's cache for programs that take minutes to build. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "prefect-iac");
}

/** The folder `name` in the cache, filled by `build` if it is not there yet. What `build` fills is a folder of its own that
 *  never moves (a Python environment holds its own path), and becomes visible as a whole, by one link, when it is complete:
 *  a run that dies leaves nothing that looks finished, and of two runs that race the first one wins. */
export async function builtOnce(
  name: string,
  build: (folder: string) => Promise<void>,
  cache = cacheFolder(),
): Promise<string> {
  const link = join(cache, name);
  if (existsSync(link)) return link;
  const folder = `${link}.${randomBytes(4).toString("hex")}`;
  await mkdir(folder, { recursive: true });
  try {
    await build(folder);
    if (!(await published(folder, link))) await rm(folder, { recursive: true, force: true });
    return link;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Links a finished folder. `false`: another run was first, and its folder is there. */
async function published(folder: string, link: string): Promise<boolean> {
  const target = basename(folder);
  try {
    await symlink(target, link, "dir");
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  if (existsSync(link)) return false;
  // A link to a folder that somebody deleted: replaced in one step.
  await symlink(target, `${folder}.link`, "dir");
  await rename(`${folder}.link`, link);
  return true;
}
