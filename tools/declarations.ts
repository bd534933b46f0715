import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Writes the type declarations of `entries` and of all they import into `folder`, once for ECMAScript modules (`esm`) and once
 *  for CommonJS (`cjs`): the same text, under a package.json that says which. Types are not checked here, `npm run check`
 *  does. Throws: Error with TypeScript's own words when a declaration cannot be written. */
export function writeDeclarations(root: string, entries: readonly string[], folder: string): void {
  const esm = join(folder, "esm");
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [...entries] }, ts.sys, root);
  const program = ts.createProgram({
    rootNames: entries.map((entry) => join(root, entry)),
    options: {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      noCheck: true,
      outDir: esm,
      rootDir: root,
    },
  });
  // `emitSkipped` says nothing here: it is true as soon as a JSON file is imported, for which there is no declaration to write.
  const { diagnostics } = program.emit();
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, FORMAT));
  for (const file of readdirSync(esm, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".d.ts")) rewriteSpecifiers(join(esm, file));
  }
  const cjs = join(folder, "cjs");
  cpSync(esm, cjs, { recursive: true });
  writeFileSync(join(esm, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(cjs, "package.json"), '{ "type": "commonjs" }\n');
}

const FORMAT: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => process.cwd(),
  getNewLine: () => "\n",
};

/** The sources import each other as `.ts`; a declaration has to name what is beside it when it is used. */
function rewriteSpecifiers(file: string): void {
  const text = readFileSync(file, "utf8");
  const rewritten = text.replace(/((?:from |import\(|import )["']\.{1,2}\/[^"']*)\.ts(["'])/g, "$1.js$2");
  if (rewritten !== text) writeFileSync(file, rewritten);
}
