import { start } from "./start.mjs";

start("tools/bench/main.ts");
