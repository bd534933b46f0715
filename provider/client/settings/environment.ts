import { readFileSync } from "node:fs";

/** Environment variables and files that settings are read from. Passed in, so that tests do not depend on the machine. */
export interface Environment {
  readonly env: { readonly [name: string]: string | undefined };
  /** A text file's content. Throws as `fs.readFileSync` does. */
  readFile(path: string): string;
}

/** The environment and the files of this process. */
export function processEnvironment(): Environment {
  return { env: process.env, readFile: (path) => readFileSync(path, "utf8") };
}
