import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { generated, generatedFolders } from "./generated.ts";

/** `npm run gen`: writes everything that follows from the contracts. `--check` writes nothing, names what differs, and ends
 *  with 1 if anything does. */
function main(check: boolean): void {
  const root = join(import.meta.dirname, "..");
  const wanted = generated(root);
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
  for (const file of different) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), wanted.get(file) ?? "");
  }
  console.log(`${wanted.size} generated files, ${different.length} of them new or changed, ${surplus.length} removed`);
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

main(process.argv.includes("--check"));
