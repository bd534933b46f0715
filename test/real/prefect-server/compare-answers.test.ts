import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../../server/index.ts";
import { type RunningPrefect, startPrefect } from "../../../tools/prefect/server.ts";
import { areas } from "../../conformance/areas.ts";
import { type Client, createClient } from "../../conformance/client.ts";
import { comparable } from "../../conformance/step.ts";
import { setup } from "../harness/setup.ts";

/** The same requests to the reference server and to a real Prefect must give the same responses, field by field, but for ids and times.
 *  Where a real Prefect differs between its databases, the reference server answers as Prefect on SQLite does. */

let reference: RunningServer;
let ours: Client;
let prefect: RunningPrefect;
let onSqlite: Client;
let onPostgres: Client;

beforeAll(async () => {
  reference = await startServer({ config: { checkResponses: true } });
  ours = createClient(reference.url);
  prefect = await startPrefect(setup.prefect);
  onSqlite = createClient(prefect.url);
  onPostgres = createClient(setup.realUrl);
});

afterAll(async () => {
  await onPostgres?.cleanUp();
  await prefect?.[Symbol.asyncDispose]();
  await reference?.stop();
});

/** Not on SQLite, where a change of automations may deadlock Prefect's event loop. */
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
    if (step.knownDifference === undefined) expect(own).toEqual(real);
    else
      expect({ own, real }).toEqual({
        own: { status: step.knownDifference.ours },
        real: { status: step.knownDifference.real },
      });
  });
}
