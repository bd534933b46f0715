import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../server/index.ts";
import { places } from "../server/support/stores.ts";
import { areas } from "./areas.ts";
import { type Client, createClient } from "./client.ts";
import { comparable } from "./step.ts";

/** The reference server responds as Prefect 3.8.4 did when its responses were recorded (record.ts). */

describe.each(places)("on $name", ({ make }) => {
  let server: RunningServer;
  let client: Client;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const place = await make();
    remove = place.remove;
    server = await startServer({ db: place.location, config: { checkResponses: true } });
    client = createClient(server.url);
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    await remove();
  });

  describe.each(Object.entries(areas))("%s", (area, steps) => {
    const recorded = read(area);

    beforeAll(() => client.begin());

    it.each(steps.map((step) => [step.title, step] as const))("%s", async (title, step) => {
      const answer = comparable(step, await client.send(step), client.prefix);
      expect(answer).toEqual(
        step.knownDifference === undefined ? recorded[title] : { status: step.knownDifference.ours },
      );
    });

    it("has a recorded response for each step, and no others", () => {
      expect(Object.keys(recorded)).toEqual(steps.map((step) => step.title));
    });
  });
});

function read(area: string): Record<string, unknown> {
  return JSON.parse(
    readFileSync(
      join(import.meta.dirname, "..", "fixtures", "prefect-answers", `${area.replaceAll(" ", "-")}.json`),
      "utf8",
    ),
  );
}
