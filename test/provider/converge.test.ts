import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerOf, toApi } from "../../provider/resources/rest/api-names.ts";
import { contractOf } from "../../schema/contracts/index.ts";
import { equal, type Json, type JsonObject } from "../../schema/json.ts";
import { template } from "../support/samples.ts";
import { Stack, startTestEnvironment, type TestEnvironment } from "../support/test-environment.ts";

/** Any history of programs and of other people's edits: one apply reaches the declared state, the second sends no write, and
 *  what is not declared is as others left it. */

let world: TestEnvironment;

beforeAll(async () => {
  world = await startTestEnvironment();
  await world.api("POST", "/work_pools/", { name: "home", type: "process" });
});

afterAll(async () => {
  await world.stop();
});

const text = fc.constantFrom("", "a", "b", "ü\n\"'");
const slots = fc.integer({ min: 0, max: 3 });

interface Subject {
  kind: string;
  key: (round: number) => JsonObject;
  fields: Record<string, fc.Arbitrary<Json>>;
  /** Where others find the object. */
  path: (key: JsonObject) => string;
  collection: string;
}

const subjects: Subject[] = [
  {
    kind: "WorkPool",
    key: (round) => ({ name: `pool ${round}`, type: "process" }),
    fields: {
      description: text,
      isPaused: fc.boolean(),
      concurrencyLimit: slots,
      baseJobTemplate: fc.constantFrom(template("a:1"), template("a:2")),
      storageConfiguration: fc.constantFrom<Json>({}, { bundleUploadStep: { a: { b: null } } }),
    },
    path: ({ name }) => `/work_pools/${encodeURIComponent(String(name))}`,
    collection: "/work_pools/",
  },
  {
    kind: "WorkQueue",
    key: (round) => ({ workPool: "home", name: `queue ${round}` }),
    fields: { description: text, isPaused: fc.boolean(), concurrencyLimit: slots },
    path: ({ name }) => `/work_pools/home/queues/${encodeURIComponent(String(name))}`,
    collection: "/work_pools/home/queues",
  },
  {
    kind: "GlobalConcurrencyLimit",
    key: (round) => ({ name: `limit ${round}`, limit: 1 }),
    fields: { active: fc.boolean(), slotDecayPerSecond: fc.constantFrom(0, 0.5, 2) },
    path: ({ name }) => `/v2/concurrency_limits/${encodeURIComponent(String(name))}`,
    collection: "/v2/concurrency_limits/",
  },
];

describe.each(subjects)("$kind, whatever happened before", ({ kind, key, fields, path, collection }) => {
  const contract = contractOf(kind);
  const some = fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
  const step = fc.oneof(
    fc.record({ by: fc.constant("program" as const), values: some }),
    fc.record({ by: fc.constant("others" as const), values: some }),
  );

  async function live(address: JsonObject): Promise<JsonObject> {
    const { body } = await world.api("GET", path(address));
    return answerOf(contract).parse(body).live;
  }

  it("comes out as declared, and only that", async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        some,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (existed, before, steps) => {
          const address = key(round++);
          const { workPool: _pool, ...body } = { ...address, ...before };
          if (existed) await world.api("POST", collection, toApi(contract, body));
          const stack = new Stack(() => world.newEngine({ adopt: "always" }), kind);
          let declared: JsonObject | undefined;
          for (const { by, values } of steps) {
            if (by === "others") {
              if (declared !== undefined || existed) await world.api("PATCH", path(address), toApi(contract, values));
              continue;
            }
            const was = declared === undefined && !existed ? undefined : await live(address);
            const program = { ...address, ...values };
            if (stack.state !== undefined) await stack.refresh();
            await stack.up(program);
            const now = await live(address);
            for (const [field, { removed }] of Object.entries(contract.fields)) {
              if (program[field] !== undefined) expect(now[field]).toEqual(program[field]);
              else if (declared?.[field] !== undefined && removed !== "keep") {
                expect(equal(now[field], removed?.set ?? undefined)).toBe(true);
              } else if (was !== undefined) expect(now[field]).toEqual(was[field]);
            }
            world.network.writes();
            expect(await stack.plan(program, { refresh: true })).toBe("none");
            expect(await stack.up(program)).toBe("none");
            expect(world.network.writes()).toEqual([]);
            declared = program;
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
