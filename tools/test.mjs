import { start } from "./start.mjs";

start("tools/test.ts");
