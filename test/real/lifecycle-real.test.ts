import { afterAll, beforeAll, describe } from "vitest";
import { type RunningPrefect, startPrefect } from "../../tools/prefect/server.ts";
import { lifecycleSuite } from "../support/lifecycle-suite.ts";
import { machine } from "./harness/machine.ts";

/** The same promises as on the reference server, kept on Prefect's own, on both of its databases. */
describe("on a real Prefect on PostgreSQL", () => {
  lifecycleSuite(() => machine.realUrl);
});

describe("on a real Prefect on SQLite", () => {
  let prefect: RunningPrefect;
  beforeAll(async () => {
    prefect = await startPrefect(machine.prefect);
  });
  afterAll(() => prefect?.[Symbol.asyncDispose]());
  lifecycleSuite(() => prefect.url);
});
