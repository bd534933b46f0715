import { createRequire } from "node:module";
import { join, relative } from "node:path";
import type ts from "typescript";
import { requireFromProject, setup } from "../harness/setup.ts";

type Compiler = typeof ts;

export const compilers: Readonly<Record<"ours" | "pulumi", Compiler>> = {
  ours: createRequire(import.meta.url)("typescript") as Compiler,
  /** Pulumi's compiler for projects without a compiler of their own. */
  pulumi: requireFromProject<Compiler>("@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js"),
};

/** Compiles a project with its tsconfig.json. Returns the errors in the program and in our declarations, not those in other
 *  packages. */
export function compile(compiler: Compiler, folder: string): string[] {
  const { config } = compiler.readConfigFile(join(folder, "tsconfig.json"), compiler.sys.readFile);
  const { fileNames, options, errors } = compiler.parseJsonConfigFileContent(config, compiler.sys, folder);
  const program = compiler.createProgram(fileNames, options);
  const emitted = program.emit();
  const ours = [folder, join(setup.project, "node_modules", "prefect-iac")];
  return [...errors, ...compiler.getPreEmitDiagnostics(program), ...emitted.diagnostics]
    .filter(({ file }) => file === undefined || ours.some((place) => file.fileName.startsWith(place)))
    .map(({ file, start, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
      const text = compiler.flattenDiagnosticMessageText(messageText, "\n");
      return `${file === undefined ? "" : relative(folder, file.fileName)}:${line}: ${text}`;
    });
}
