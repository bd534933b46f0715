#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import module from "node:module";
import { fileURLToPath } from "node:url";

const help = `Usage: prefect-iac <command> [options]

Commands:
  serve    start the reference server: a Prefect-compatible API for this machine

Options:
  --help       show this text (after a command: its options)
  --version    show the version
`;

/** From package.json, which is one folder up from the source and two from the bundle. */
async function version(): Promise<string> {
  for (const up of ["../package.json", "../../package.json"]) {
    try {
      return JSON.parse(await readFile(fileURLToPath(new URL(up, import.meta.url)), "utf8")).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error("package.json is missing from the installation");
}

/** Resolves with the first SIGINT or SIGTERM; the second one ends the process at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) exitBySignal(signal);
      stopping = true;
      resolve(signal);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

/** Ends the process as the signal would without a handler. `process.exit` would wait for pending writes, for instance to a log that
 *  nobody reads. */
function exitBySignal(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Time limit for what keeps the process alive after the server has stopped. */
const EXIT_TIMEOUT_MS = 1000;

async function run(command: string | undefined, args: readonly string[]): Promise<number> {
  switch (command) {
    case "serve": {
      // Loaded on demand and with a compile cache, which halves the time until the server is ready.
      module.enableCompileCache();
      const { serve } = await import("../server/serve/serve.ts");
      const stopped = firstSignal();
      const code = await serve(args, {
        print: (line) => console.log(line),
        printError: (line) => console.error(line),
        environment: process.env,
        stopped,
      });
      void stopped.then((signal) => setTimeout(() => exitBySignal(signal), EXIT_TIMEOUT_MS).unref());
      return code;
    }
    case "--version":
      console.log(await version());
      return 0;
    case "--help":
    case "-h":
      console.log(help);
      return 0;
    default:
      console.error(command === undefined ? help : `prefect-iac: unknown command "${command}"\n\n${help}`);
      return 2;
  }
}

process.exitCode = await run(process.argv[2], process.argv.slice(3));
