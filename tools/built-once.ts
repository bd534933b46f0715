import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** The user's cache for programs that take minutes to build. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "prefect-iac");
}

/** The folder `name` in the cache, filled by `build` if it is not there yet. `build` fills a folder with a path of its own that never
 *  changes (a Python environment contains its path); a symbolic link publishes it when it is complete. An interrupted build is never
 *  published, and of two concurrent builds the first one wins. */
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
    if (!(await publish(folder, link))) await rm(folder, { recursive: true, force: true });
    return link;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Links a finished folder. `false`: another build was first. */
async function publish(folder: string, link: string): Promise<boolean> {
  const target = basename(folder);
  try {
    await symlink(target, link, "dir");
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  if (existsSync(link)) return false;
  // A dangling link: somebody deleted its folder. Replaced atomically.
  await symlink(target, `${folder}.link`, "dir");
  await rename(`${folder}.link`, link);
  return true;
}
