import { ordinaryEnvironment } from "./environment.ts";
import { vitest } from "./vitest.ts";

/** `npm test`: everything that needs no program but Node; or another project of vitest.config.ts. */
const args = process.argv.slice(2);
const project = args.some((arg) => arg.startsWith("--project")) ? [] : ["--project", "unit"];
process.exitCode = await vitest([...project, ...args], ordinaryEnvironment());
