import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { kinds } from "../schema/contracts/kinds.ts";
import { emitKindLists, kindFiles } from "../schema/emit/kind-lists.ts";

/** `npm run gen`: writes everything that follows from the contracts. `--check` writes nothing, names what differs, and ends
 *  with 1 if anything does. */
async function main(check: boolean): Promise<void> {
  const root = join(import.meta.dirname, "..");
  const missing = kinds.flatMap(kindFiles).filter(({ file }) => readIfThere(join(root, file)) === undefined);
  if (missing.length > 0) {
    for (const { file, why } of missing)
      console.error(`${file} is missing: ${why} (docs/contributing/add-a-resource.md)`);
    process.exitCode = 1;
    return;
  }
  const lists = emitKindLists(kinds);
  // Everything else imports these lists, so they are written before the rest is even loaded.
  if (!check) write(root, lists);
  const { generated, generatedFolders } = await import("./generated.ts");
  const wanted = new Map([...lists, ...generated(root)]);
  const stale = generatedFolders.flatMap((folder) => filesIn(join(root, folder)).map((file) => relative(root, file)));
  const surplus = stale.filter((file) => !wanted.has(file));
  const different = [...wanted].filter(([file, text]) => readIfThere(join(root, file)) !== text).map(([file]) => file);
  if (check) {
    for (const file of [...different, ...surplus])
      console.error(`${file} does not follow from the contracts: run npm run gen`);
    process.exitCode = different.length + surplus.length > 0 ? 1 : 0;
    return;
  }
  for (const file of surplus) rmSync(join(root, file));
  write(root, new Map(different.map((file) => [file, wanted.get(file) ?? ""])));
  console.log(`${wanted.size} generated files, ${different.length} of them new or changed, ${surplus.length} removed`);
}

function write(root: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

await main(process.argv.includes("--check"));
