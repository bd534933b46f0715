import { start } from "./start.mjs";

start("tools/test-real.ts");
