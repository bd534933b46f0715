import { ordinaryEnvironment } from "./environment.ts";
import { vitest } from "./vitest.ts";

/** `npm test`: everything that needs no program but Node. */
process.exitCode = await vitest(["--project", "unit", ...process.argv.slice(2)], ordinaryEnvironment());
