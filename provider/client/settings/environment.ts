import { readFileSync } from "node:fs";

/** What settings are read from besides the program. Passed in, so that nothing of a machine leaks into a test. */
export interface Environment {
  readonly env: { readonly [name: string]: string | undefined };
  /** A text file's content. Throws as `fs.readFileSync` does. */
  readFile(path: string): string;
}

/** The environment and the files of this process. */
export function thisMachine(): Environment {
  return { env: process.env, readFile: (path) => readFileSync(path, "utf8") };
}
