import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../server/index.ts";
import { type RunningPrefect, startPrefect } from "../../tools/prefect/server.ts";
import { areas } from "../conformance/areas.ts";
import { type Client, clientOf } from "../conformance/client.ts";
import { comparable } from "../conformance/step.ts";
import { machine } from "./harness/machine.ts";

/** The same requests to the reference server and to a real Prefect: field by field the same answers, ids and times aside. Prefect
 *  answers some of them otherwise on PostgreSQL; ours are those of its SQLite, on either database. */

let reference: RunningServer;
let ours: Client;
let prefect: RunningPrefect;
let onSqlite: Client;
let onPostgres: Client;

beforeAll(async () => {
  reference = await startServer({ config: { checkResponses: true } });
  ours = clientOf(reference.url);
  prefect = await startPrefect(machine.prefect);
  onSqlite = clientOf(prefect.url);
  onPostgres = clientOf(machine.realUrl);
});

afterAll(async () => {
  await onPostgres?.cleanUp();
  await prefect?.[Symbol.asyncDispose]();
  await reference?.stop();
});

/** On SQLite a Prefect whose automations change may stop for good: it waits on its event loop for what that loop has to do. */
const ON_POSTGRES = ["automations"];

describe.each(Object.entries(areas))("%s", (area, steps) => {
  compare(steps, () => (ON_POSTGRES.includes(area) ? onPostgres : onSqlite));
});

function compare(steps: (typeof areas)[string], client: () => Client): void {
  beforeAll(() => {
    ours.begin();
    client().begin();
  });

  it.each(steps.map((step) => [step.title, step] as const))("%s", async (_, step) => {
    const real = comparable(step, await client().send(step), client().prefix);
    const own = comparable(step, await ours.send(step), ours.prefix);
    if (step.differs === undefined) expect(own).toEqual(real);
    else expect({ own, real }).toEqual({ own: { status: step.differs.ours }, real: { status: step.differs.real } });
  });
}
