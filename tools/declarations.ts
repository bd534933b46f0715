import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import ts from "typescript";

/** Writes type declarations: `files` names each file of `outDir` and the entry point whose declarations it holds, rolled up with all of
 *  ours that they need. Other packages stay imports. `workDir` takes the declarations of every single source file in between. Types are
 *  not checked here, `npm run check` does that. Throws: Error with TypeScript's own words when a declaration cannot be emitted. */
export async function writeDeclarations(
  root: string,
  files: Readonly<Record<string, string>>,
  outDir: string,
  workDir: string,
): Promise<void> {
  emitDeclarations(root, [...new Set(Object.values(files))], workDir);
  for (const [file, source] of Object.entries(files)) {
    const bundle = await rollup({
      input: join(workDir, source.replace(/\.ts$/, ".d.ts")),
      external: (specifier) => !/^[./]/.test(specifier),
      plugins: [dts()],
    });
    await bundle.write({ file: join(outDir, file), format: "es" });
  }
}

/** All entries by one compiler, which takes most of the time: rolled up directly, each entry would start one of its own. */
function emitDeclarations(root: string, sources: readonly string[], outDir: string): void {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [...sources] }, ts.sys, root);
  const program = ts.createProgram({
    rootNames: sources.map((source) => join(root, source)),
    options: {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      noCheck: true,
      outDir,
      rootDir: root,
    },
  });
  // `emitSkipped` says nothing here: it is true as soon as a JSON file is imported, for which there is no declaration to write.
  const { diagnostics } = program.emit();
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, FORMAT));
}

const FORMAT: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => process.cwd(),
  getNewLine: () => "\n",
};
