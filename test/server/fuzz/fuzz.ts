import { createContext } from "../../../server/create-context.ts";
import { createApp } from "../../../server/create-server.ts";
import { manualClock, type Store } from "../../../server/index.ts";
import { services } from "../../../server/services/index.ts";
import { START } from "../support/api.ts";
import { createObjects, type KnownObjects } from "./known-objects.ts";
import { randomFrom } from "./random.ts";
import { type Document, type FuzzRequest, requestMaker } from "./requests.ts";

/** No response has a reason to be longer. */
const MAX_RESPONSE_BYTES = 4_000_000;
/** Requests after which the objects are created anew; a successful delete counts as all of them. */
const OBJECTS_LAST = 100;

/** Sends `perRoute` requests, made from the server's own OpenAPI document, to each of its routes, and then runs the services.
 *  Returns what failed, each with its request. */
export async function fuzz(store: Store, { seed, perRoute }: { seed: string; perRoute: number }): Promise<string[]> {
  const failures: unknown[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => void failures.push(fields) };
  const clock = manualClock(START);
  const context = createContext({ store, clock, log, config: { checkResponses: true } });
  const app = createApp(context);
  const document = (await app.inject("/api/openapi.json")).json() as Document;
  const findings: string[] = [];
  const note = (what: string, request: string) => {
    const { err } = (failures.pop() ?? {}) as { err?: unknown };
    findings.push(`${what}\n  seed ${seed}: ${request}\n${err instanceof Error ? err.stack : ""}`);
  };

  let objects: KnownObjects = new Map();
  let generation = 0;
  let age = OBJECTS_LAST;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of Object.keys(operations)) {
      const make = requestMaker(document, method, path);
      const random = randomFrom(`${seed} ${method} ${path}`);
      if (age >= OBJECTS_LAST) {
        objects = await createObjects(app, `${seed}-${generation}`);
        generation += 1;
        age = 0;
      }
      for (let count = 0; count < perRoute; count++) {
        const request = make(objects, random);
        const response = await app.inject(request as never);
        clock.advance(random.below(3));
        age += (method === "delete" || path.endsWith("/bulk_delete")) && response.statusCode < 300 ? OBJECTS_LAST : 1;
        if (response.statusCode >= 500) note(`${response.statusCode}`, show(request));
        if (response.body.length > MAX_RESPONSE_BYTES) note(`a response of ${response.body.length}`, show(request));
        if (failures.length > 0) note("logged an error", show(request));
      }
    }
  }
  for (const service of services) {
    clock.advance(3600);
    await service.run(context).catch((err: unknown) => {
      failures.push({ err });
      note(`the service ${service.name} failed`, "after the requests");
    });
  }
  await app.close();
  if (failures.length > 0) note("logged an error", "at an unknown time");
  if (({} as { polluted?: unknown }).polluted !== undefined) findings.push("a prototype was polluted");
  return findings;
}

function show({ method, url, payload }: FuzzRequest): string {
  const body =
    payload === undefined
      ? ""
      : ` ${payload.length > 1500 ? `${payload.slice(0, 1500)}… (${payload.length})` : payload}`;
  return `${method} ${url}${body}`;
}
