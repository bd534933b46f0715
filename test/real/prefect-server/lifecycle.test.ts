import { afterAll, beforeAll, describe } from "vitest";
import { type RunningPrefect, startPrefect } from "../../../tools/prefect/server.ts";
import { lifecycleSuite } from "../../support/lifecycle-suite.ts";
import { setup } from "../harness/setup.ts";

/** The lifecycle suite of the reference server, on a real Prefect with either of its databases. */
describe("on a real Prefect on PostgreSQL", () => {
  lifecycleSuite(() => setup.realUrl);
});

describe("on a real Prefect on SQLite", () => {
  let prefect: RunningPrefect;
  beforeAll(async () => {
    prefect = await startPrefect(setup.prefect);
  });
  afterAll(() => prefect?.[Symbol.asyncDispose]());
  lifecycleSuite(() => prefect.url);
});
