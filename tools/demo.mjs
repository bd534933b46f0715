import { start } from "./start.mjs";

start("tools/demo/main.ts");
