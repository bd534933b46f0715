import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

const source = join(import.meta.dirname, "..", "..", "examples", "autoloader", "typescript");

/** A replacement in a file of the program. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** The example's program in a user's project, which can be edited. Each edition is a folder of its own, because Node loads a module once. */
export class AutoloaderProgram {
  readonly mode: "dynamic" | "native";
  readonly #project: string;
  readonly #edits: Edit[] = [];
  #edition = 0;

  constructor(project: string, mode: "dynamic" | "native") {
    this.#project = project;
    this.mode = mode;
    if (mode === "native") this.#edits.push({ file: "index.ts", from: '"prefect-iac"', to: '"prefect-iac/native"' });
  }

  /** Loads the program with all edits so far. */
  async load(): Promise<PulumiFn> {
    this.#edition += 1;
    const folder = join(this.#project, `autoloader-${this.#edition}`);
    await cp(source, folder, { recursive: true });
    for (const { file, from, to } of this.#edits) {
      const text = await readFile(join(folder, file), "utf8");
      if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one ${from}`);
      await writeFile(join(folder, file), text.replace(from, to));
    }
    const module = (await import(pathToFileURL(join(folder, "index.ts")).href)) as { default: PulumiFn };
    return module.default;
  }

  /** Edits the program and loads it. */
  edit(...edits: Edit[]): Promise<PulumiFn> {
    this.#edits.push(...edits);
    return this.load();
  }
}
