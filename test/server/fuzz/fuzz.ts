import { createContext } from "../../../server/create-context.ts";
import { createApp } from "../../../server/create-server.ts";
import { manualClock, type Store } from "../../../server/index.ts";
import { services } from "../../../server/services/index.ts";
import { START } from "../support/api.ts";
import { randomFrom } from "./random.ts";
import { type Asked, type Document, requestMaker } from "./requests.ts";
import { makeWorld, type World } from "./world.ts";

/** Answers longer than this have no reason. */
const LONGEST_ANSWER = 4_000_000;
/** Requests after which what there is to ask for is made anew, if none of it was deleted before. */
const WORLD_LASTS = 100;

/** Sends `perRoute` requests made from the server's own OpenAPI document to each of its routes, and lets the services work on what
 *  is left of it. Answers what was not answered as it should, each with its request; empty is good. */
export async function fuzz(store: Store, { seed, perRoute }: { seed: string; perRoute: number }): Promise<string[]> {
  const failures: unknown[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (facts: object) => void failures.push(facts) };
  const clock = manualClock(START);
  const context = createContext({ store, clock, log, config: { checkResponses: true } });
  const app = createApp(context);
  const document = (await app.inject("/api/openapi.json")).json() as Document;
  const findings: string[] = [];
  const note = (what: string, request: string) => {
    const { err } = (failures.pop() ?? {}) as { err?: unknown };
    findings.push(`${what}\n  seed ${seed}: ${request}\n${err instanceof Error ? err.stack : ""}`);
  };

  let world: World = new Map();
  let worlds = 0;
  let age = WORLD_LASTS;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of Object.keys(operations)) {
      const make = requestMaker(document, method, path);
      const random = randomFrom(`${seed} ${method} ${path}`);
      if (age >= WORLD_LASTS) {
        world = await makeWorld(app, `${seed}-${worlds}`);
        worlds += 1;
        age = 0;
      }
      for (let count = 0; count < perRoute; count++) {
        const asked = make(world, random);
        const response = await app.inject(asked as never);
        clock.advance(random.below(3));
        age += (method === "delete" || path.endsWith("/bulk_delete")) && response.statusCode < 300 ? WORLD_LASTS : 1;
        if (response.statusCode >= 500) note(`${response.statusCode}`, show(asked));
        if (response.body.length > LONGEST_ANSWER) note(`an answer of ${response.body.length}`, show(asked));
        if (failures.length > 0) note("logged an error", show(asked));
      }
    }
  }
  for (const service of services) {
    clock.advance(3600);
    await service.run(context).catch((err: unknown) => {
      failures.push({ err });
      note(`the service ${service.name} failed`, "on what the requests have left");
    });
  }
  await app.close();
  if (failures.length > 0) note("logged an error", "some time");
  if (({} as { polluted?: unknown }).polluted !== undefined) findings.push("a prototype was changed");
  return findings;
}

function show({ method, url, payload }: Asked): string {
  const body =
    payload === undefined
      ? ""
      : ` ${payload.length > 1500 ? `${payload.slice(0, 1500)}… (${payload.length})` : payload}`;
  return `${method} ${url}${body}`;
}
