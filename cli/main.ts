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

/** The way to package.json, from the source and from the bundle alike: it lies two folders up or one. */
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

/** Answers at the first signal to stop, with that; the second one ends the process at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) endBy(signal);
      stopping = true;
      resolve(signal);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

/** Ends the process as the signal would by itself. `process.exit` would wait for writes under way, that of a log among them which nobody
 *  reads. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** How long something may keep the process that is left when the server has ended. */
const LEFTOVER_MS = 1000;

async function run(command: string | undefined, args: readonly string[]): Promise<number> {
  switch (command) {
    case "serve": {
      // Loaded when it is needed, and from compiled code the second time: the server is up in half the time.
      module.enableCompileCache();
      const { serve } = await import("../server/serve/serve.ts");
      const stopped = firstSignal();
      const code = await serve(args, {
        say: (line) => console.log(line),
        complain: (line) => console.error(line),
        environment: process.env,
        stopped,
      });
      void stopped.then((signal) => setTimeout(() => endBy(signal), LEFTOVER_MS).unref());
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
      console.error(command === undefined ? help : `prefect-iac: there is no command "${command}"\n\n${help}`);
      return 2;
  }
}

process.exitCode = await run(process.argv[2], process.argv.slice(3));
