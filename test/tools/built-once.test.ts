import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { builtOnce, cacheFolder } from "../../tools/built-once.ts";

let cache = "";
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "prefect-iac-cache-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const program = (text: string) => (folder: string) => writeFile(join(folder, "program"), text);
const never = () => Promise.reject(new Error("built again"));

it("builds at the first call and finds at the second", async () => {
  const folder = await builtOnce("tool-1", program("one"), cache);
  expect(await builtOnce("tool-1", never, cache)).toBe(folder);
  expect(await readFile(join(folder, "program"), "utf8")).toBe("one");
});

it("shows nothing before it is complete: of two runs that race, both end with the first one's", async () => {
  const [slow, fast] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const building = (gate: Promise<void>, text: string) =>
    builtOnce("tool-1", (folder) => gate.then(() => program(text)(folder)), cache);
  const runs = [building(slow.promise, "slow"), building(fast.promise, "fast")];
  fast.resolve();
  const first = await runs[1];
  slow.resolve();
  expect(await Promise.all(runs)).toEqual([first, first]);
  expect(await readFile(join(cache, "tool-1", "program"), "utf8")).toBe("fast");
  // The link and the one folder behind it; the loser cleaned up after itself.
  expect(await readdir(cache)).toHaveLength(2);
});

it("leaves nothing of a build that failed, and builds again", async () => {
  await expect(builtOnce("tool-1", never, cache)).rejects.toThrow("built again");
  expect(await readdir(cache)).toEqual([]);
  const folder = await builtOnce("tool-1", program("two"), cache);
  expect(await readFile(join(folder, "program"), "utf8")).toBe("two");
});

it("builds again where somebody deleted the folder behind the link", async () => {
  await symlink("tool-1.gone", join(cache, "tool-1"));
  const folder = await builtOnce("tool-1", program("three"), cache);
  expect(await readFile(join(folder, "program"), "utf8")).toBe("three");
});

it("is in the user's own cache", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/somewhere" })).toBe("/somewhere/prefect-iac");
  expect(cacheFolder({})).toMatch(/\/\.cache\/prefect-iac$/);
});
